"""Why a file is not taken. Each sentence is the cure; residents read it in their own language by the code."""

from services.messaging.errors import Refusal


class FileRefused(Refusal):
    """A file that was offered is not taken."""

    code = "file-refused"
    cure = "Choose another file."

    def __init__(self) -> None:
        super().__init__(self.cure)


class FileEmpty(FileRefused):
    """There is nothing in it."""

    code = "file-empty"
    cure = "Open the file on your own device, and choose it again when you see what is in it."


class FileTooLarge(FileRefused):
    """More bytes than we take."""

    code = "file-too-large"
    cure = "Make the file smaller, or spread it over several files."


class ImageTooLarge(FileRefused):
    """More pixels than a paper needs, or than we dare to unpack."""

    code = "image-too-large"
    cure = "Take the picture with fewer pixels, or scan at 300 dots per inch."


class FileTypeNotAllowed(FileRefused):
    """Neither a PDF nor a JPEG nor a PNG, or more than one thing at once."""

    code = "file-type"
    cure = "Choose a PDF, or a photo as JPEG or PNG."


class FileDamaged(FileRefused):
    """It breaks the rules of its own format, so that no two programs need see the same in it."""

    code = "file-damaged"
    cure = "Save it as a PDF again, or take a photo of the paper."


class FileEncrypted(FileRefused):
    """It cannot be read without a password."""

    code = "file-encrypted"
    cure = "Save the PDF without a password."


class FileHasActiveContent(FileRefused):
    """A PDF that does something, or carries other files."""

    code = "file-active"
    cure = "Print it to a new PDF, without scripts and attachments."


class FileInfected(FileRefused):
    """The virus scanner knows it."""

    code = "file-infected"
    cure = "Have your device checked, and make the file again."


class TooManyFiles(FileRefused):
    """More files at once than we take."""

    code = "too-many-files"
    cure = "Send fewer files at once."


BY_CODE: dict[str, type[FileRefused]] = {
    refusal.code: refusal
    for refusal in (
        FileEmpty,
        FileTooLarge,
        ImageTooLarge,
        FileTypeNotAllowed,
        FileDamaged,
        FileEncrypted,
        FileHasActiveContent,
        FileInfected,
        TooManyFiles,
    )
}
