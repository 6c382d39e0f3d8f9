"""The one table of what can go wrong: code -> HTTP status and words. No status code stands anywhere else.

400: the request can never succeed as it is. 404: not there, or the secret is wrong. 409, 410, 412: others or the
clock were faster. Source: RFC 9457; NL API Design Rules /core/error-handling/*.
"""

from dataclasses import dataclass

from gateway.api.problems_of_civil_registry import CIVIL_REGISTRY


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem. `title` is its name, `cure` what the reader can do; both in Dutch and English.

    `for_people`: only pages tell of it, never the API.
    """

    code: str
    status: int
    title_en: str
    title_nl: str
    cure_en: str
    cure_nl: str
    for_people: bool = False

    def title(self, language: str) -> str:
        """Return its name in `nl` or, for any other language, English."""
        return self.title_nl if language == "nl" else self.title_en

    def cure(self, language: str) -> str:
        """Return what to do in `nl` or, for any other language, English."""
        return self.cure_nl if language == "nl" else self.cure_en


_ROWS = (
    # --- the request itself
    Problem(
        "invalid-input", 400,
        "Some of the input is not right", "Niet alles is goed ingevuld",
        "Correct what the list of errors names, and send it again.",
        "Verbeter wat in de lijst met fouten staat. Verstuur het daarna opnieuw.",
    ),
    Problem(
        "invalid-json", 400,
        "The body is not valid JSON", "De inhoud is geen geldige JSON",
        "Send one JSON object in UTF-8.", "Stuur één JSON-object in UTF-8.",
    ),
    Problem(
        "bad-request", 400,
        "The request could not be read", "De vraag is niet leesbaar",
        "Check the address, the headers and the body.", "Controleer het adres, de headers en de inhoud.",
    ),
    Problem(
        "not-found", 404,
        "There is nothing at this address", "Op dit adres is niets te vinden",
        "Check the address; there is no slash at its end.",
        "Controleer het adres. Aan het eind staat geen schuine streep.",
    ),
    Problem(
        "method-not-allowed", 405,
        "This cannot be done at this address", "Dit kan niet op dit adres",
        "Use one of the methods in the Allow header.", "Gebruik een methode uit de Allow-header.",
    ),
    Problem(
        "not-acceptable", 406,
        "There is no answer in the form that was asked", "Wij hebben geen antwoord in de gevraagde vorm",
        "Accept application/json, or text/calendar for a calendar.",
        "Vraag om application/json, of om text/calendar voor een agenda-item.",
    ),
    Problem(
        "too-large", 413,
        "The body is too large", "De inhoud is te groot",
        "Send at most 64 kB.", "Stuur niet meer dan 64 kB.",
    ),
    Problem(
        "unsupported-media-type", 415,
        "The body has another type than JSON", "De inhoud is geen JSON",
        "Send the body as application/json.", "Stuur de inhoud als application/json.",
    ),
    Problem(
        "idempotency-key-reused", 422,
        "The Idempotency-Key was used for another request", "De Idempotency-Key is al voor iets anders gebruikt",
        "Use a new Idempotency-Key for a new request.", "Gebruik een nieuwe Idempotency-Key voor een nieuwe vraag.",
    ),
    Problem(
        "challenge-required", 428,
        "It is busy: a proof of work comes first", "Het is druk: uw computer lost eerst een som op",
        "Solve the challenge (ALTCHA, PBKDF2) and send the same request with the header Challenge-Solution.",
        "Gebruik een browser met JavaScript. Of bel 14 053.",
    ),
    Problem(
        "code-required", 428,
        "A code by mail comes first", "Vul eerst een code in",
        "Ask for a code at /v1/codes, and send the same request with the proof in the header Challenge-Solution.",
        "Vraag een code aan op de pagina met tijden. U krijgt die per mail.",
    ),
    Problem(
        "code-wrong", 400,
        "The code is not right", "De code klopt niet",
        "Type the code of the newest mail; without attempts left, ask for a new one.",
        "Vul de code uit de nieuwste mail in. Of vraag een nieuwe code aan.",
    ),
    Problem(
        "code-over", 410,
        "The code does not work any more", "De code werkt niet meer",
        "Ask for a new code.", "Vraag een nieuwe code aan.",
    ),
    Problem(
        "too-many-requests", 429,
        "Too many requests in a short time", "Te veel vragen in korte tijd",
        "Wait as long as Retry-After says, then try again.",
        "Wacht zo lang als Retry-After aangeeft. Probeer het daarna opnieuw.",
    ),
    # --- the visit
    Problem(
        "unknown-product", 400,
        "There is no such product", "Dit product bestaat niet",
        "Choose from /v1/products.", "Kies een product uit de lijst.",
    ),
    Problem(
        "unknown-location", 400,
        "There is no such location", "Deze locatie bestaat niet",
        "Choose from /v1/locations.", "Kies een locatie uit de lijst.",
    ),
    Problem(
        "not-offered-here", 400,
        "This cannot be done at this location", "Dit kan niet op deze locatie",
        "Choose another location, or book each product by itself.",
        "Kies een andere locatie. Of maak voor elk product een eigen afspraak.",
    ),
    Problem(
        "visit-too-long", 400,
        "This does not fit one appointment", "Dit past niet in één afspraak",
        "Choose fewer products or persons, and make a second appointment for the rest.",
        "Kies minder producten of personen. Maak voor de rest een tweede afspraak.",
    ),
    Problem(
        "in-the-past", 400,
        "That day or time has passed", "Deze dag of tijd is al voorbij",
        "Choose a later time.", "Kies een later moment.",
    ),
    Problem(
        "too-soon", 400,
        "That is too soon", "Dit is te kort van tevoren",
        "Choose a later time.", "Kies een later moment.",
    ),
    Problem(
        "too-far", 400,
        "That is too far ahead", "Dit is te ver vooruit",
        "Choose an earlier day.", "Kies een eerdere dag.",
    ),
    Problem(
        "day-closed", 400,
        "The location is closed then", "De locatie is dan gesloten",
        "Choose another day or time.", "Kies een andere dag of tijd.",
    ),
    Problem(
        "slot-taken", 409,
        "Somebody else was faster", "Iemand anders was u net voor",
        "Choose one of the alternatives.", "Kies een van de andere tijden.",
    ),
    Problem(
        "nothing-to-collect", 400,
        "Nothing is collected after this visit", "Na deze afspraak hoeft u niets op te halen",
        "Make an appointment for one visit.", "Maak een afspraak voor één bezoek.",
    ),
    Problem(
        "collection-too-early", 409,
        "The document is not ready by then", "Het document is dan nog niet klaar",
        "Collect on `earliestDate` or later, or request on `requestByDate` or earlier.",
        "Kies een latere dag om op te halen. Of vraag het document eerder aan.",
    ),
    Problem(
        "collection-too-late", 409,
        "The document is not kept so long", "Zo lang bewaren wij het document niet",
        "Collect on `lastDate` or earlier.", "Kies een eerdere dag om op te halen.",
    ),
    # --- holds and appointments
    Problem(
        "too-many-live", 409,
        "There are enough appointments with these details", "Er zijn al genoeg afspraken met deze gegevens",
        "Cancel one of your appointments for this product, or call 14 053. The hold stays: confirm it again.",
        "Annuleer een van uw andere afspraken voor dit product. Of bel 14 053.",
    ),
    Problem(
        "not-bound", 409,
        "This appointment is bound to nobody", "Deze afspraak staat niet op naam",
        "Cancel it and make a new one.", "Annuleer de afspraak en maak een nieuwe.",
    ),
    Problem(
        "hold-unknown", 404,
        "There is no such hold, or the secret is wrong", "Wij houden deze tijd niet voor u vast",
        "Check the hold and its secret, or choose a time again.", "Kies opnieuw een tijd.",
    ),
    Problem(
        "hold-expired", 410,
        "The hold is over", "De tijd wordt niet meer voor u vastgehouden",
        "Choose a time again; what was typed can be sent again.",
        "Kies opnieuw een tijd. Wat u hebt ingevuld, blijft staan.",
    ),
    Problem(
        "hold-not-extendable", 409,
        "The hold cannot be extended again", "De tijd kan niet nog langer worden vastgehouden",
        "Confirm the hold before it ends.", "Maak de afspraak af voordat de tijd om is.",
    ),
    Problem(
        "appointment-unknown", 404,
        "There is no such appointment, or the secret is wrong", "Wij kunnen deze afspraak niet vinden",
        "Check the reference and the secret, or ask for the link again.",
        "Controleer het afspraaknummer. Of vraag de link opnieuw aan.",
    ),
    Problem(
        "appointment-over", 409,
        "The appointment has begun or passed, or was cancelled", "De afspraak is voorbij of geannuleerd",
        "Make a new appointment.", "Maak een nieuwe afspraak.",
    ),
    Problem(
        "visit-not-begun", 409,
        "The visit has not begun", "De afspraak is nog niet begonnen",
        "Note what became of it once it has begun.", "Leg de uitkomst vast als de afspraak is begonnen.",
    ),
    Problem(
        "relief-unknown", 404,
        "There is no such proposal", "Dit voorstel bestaat niet",
        "Choose a proposal from the list.", "Kies een voorstel uit de lijst.",
    ),
    Problem(
        "relief-decided", 409,
        "The proposal was decided before", "Over dit voorstel is al besloten",
        "Read the list of proposals again.", "Bekijk de lijst met voorstellen opnieuw.",
    ),
    Problem(
        "no-waiting-list", 409,
        "There is no waiting list for this visit", "Voor deze afspraak is er geen wachtlijst",
        "Look for an earlier time yourself.", "Zoek zelf een eerdere tijd.",
    ),
    Problem(
        "wish-impossible", 400,
        "No time can be early enough", "Er is geen tijd die vroeg genoeg is",
        "Wish an earlier day, or keep the appointment.", "Kies een eerdere dag. Of houd uw afspraak zoals die is.",
    ),
    Problem(
        "wish-unknown", 404,
        "There is no such offer for this appointment", "Dit aanbod hoort niet bij deze afspraak",
        "Read the appointment's wish again.", "Bekijk uw afspraak opnieuw.",
    ),
    Problem(
        "offer-over", 410,
        "The offer is over", "Het aanbod is voorbij",
        "The appointment is as it was. Wait for the next offer, or look for an earlier time.",
        "Uw afspraak is niet veranderd. Wacht op een volgend aanbod of zoek zelf een eerdere tijd.",
    ),
    Problem(
        "version-conflict", 412,
        "It changed in the meantime", "Dit is intussen veranderd",
        "Read it again, then decide again.", "Bekijk het opnieuw en kies daarna opnieuw.",
    ),
    Problem(
        "not-asked", 409,
        "This appointment needs no confirmation", "U hoeft deze afspraak niet te bevestigen",
        "It stays as it is.", "De afspraak blijft zoals zij is.",
    ),
    # --- draws
    Problem(
        "to-be-drawn", 409,
        "The places of that day are given out by draw", "De plekken van deze dag worden verloot",
        "Put in a request for the draw (/v1/draws), or choose another day.",
        "Doe mee aan de loting. Of kies een andere dag.",
    ),
    Problem(
        "draw-unknown", 404,
        "There is no such draw", "Deze loting bestaat niet",
        "Choose from /v1/draws.", "Kies een loting uit de lijst.",
    ),
    Problem(
        "draw-closed", 409,
        "Nobody can ask for a place in this draw now", "U kunt nu niet meedoen aan deze loting",
        "Ask between `opensAt` and `closesAt`, or take part in the next draw.",
        "Kijk wanneer u mee kunt doen. Of doe mee aan de volgende loting.",
    ),
    Problem(
        "draw-entered-already", 409,
        "You take part already", "U doet al mee",
        "Look at the request with the link in our mail; one request has the same chance as two.",
        "Open uw aanvraag met de link in onze mail. Eén aanvraag geeft evenveel kans als twee.",
    ),
    Problem(
        "draw-wish-impossible", 400,
        "We are closed at all times that you wish", "Op deze dagen en tijden zijn wij gesloten",
        "Wish more days, parts of the day or locations.", "Kies meer dagen, tijden of locaties.",
    ),
    Problem(
        "draw-request-unknown", 404,
        "There is no such request, or the secret is wrong", "Wij kunnen deze aanvraag niet vinden",
        "Check the request and its secret; both stand in the link in our mail.",
        "Open uw aanvraag met de link in onze mail.",
    ),
    Problem(
        "draw-request-over", 409,
        "The request has ended, or has got its place", "Deze aanvraag is klaar",
        "Read the request again; a place is an appointment, which can be cancelled.",
        "Bekijk uw aanvraag opnieuw. Hebt u een plek? Dan kunt u de afspraak annuleren.",
    ),
    # --- openings that changed
    Problem(
        "not-affected", 409,
        "This appointment can take place as planned", "Deze afspraak kan gewoon doorgaan",
        "Read the appointment again. It can be moved or cancelled as always.",
        "Bekijk de afspraak opnieuw. U kunt haar verzetten of annuleren.",
    ),
    Problem(
        "unknown-line", 404,
        "This location has no such counter", "Deze locatie heeft die balie niet",
        "Choose a counter of this location.", "Kies een balie van deze locatie.",
    ),
    Problem(
        "unknown-change", 404,
        "There is no such change of openings", "Deze wijziging van de openingstijden is er niet",
        "Choose a change from the list.", "Kies een wijziging uit de lijst.",
    ),
    # --- files
    Problem(
        "file-empty", 400,
        "There is nothing in the file", "Er staat niets in het bestand",
        "Open it on your own device. Choose it again when you see what is in it.",
        "Open het eerst op uw eigen apparaat. Kies het opnieuw als u ziet wat erin staat.",
    ),
    Problem(
        "file-too-large", 413,
        "The file is too large", "Het bestand is te groot",
        "Make it smaller, or spread it over several files.",
        "Maak het kleiner. Of verdeel het over meer bestanden.",
    ),
    Problem(
        "image-too-large", 400,
        "The picture has too many pixels", "De foto heeft te veel beeldpunten",
        "Take it again with fewer pixels, or scan at 300 dots per inch.",
        "Maak de foto opnieuw met minder beeldpunten. Of scan met 300 dpi.",
    ),
    Problem(
        "file-type", 400,
        "We do not take this kind of file", "Dit soort bestand nemen wij niet aan",
        "Choose a PDF, or a photo as JPEG or PNG.", "Kies een PDF. Of een foto als JPEG of PNG.",
    ),
    Problem(
        "file-damaged", 400,
        "The file is damaged", "Het bestand is beschadigd",
        "Save it as a PDF again, or take a photo of the paper.",
        "Bewaar het opnieuw als PDF. Of maak een foto van het papier.",
    ),
    Problem(
        "file-encrypted", 400,
        "The file has a password", "Het bestand heeft een wachtwoord",
        "Save the PDF without a password.", "Bewaar de PDF zonder wachtwoord.",
    ),
    Problem(
        "file-active", 400,
        "The PDF holds scripts or other files", "In de PDF zitten scripts of andere bestanden",
        "Print it to a new PDF. Or take a photo of the paper.",
        "Druk het af naar een nieuwe PDF. Of maak een foto van het papier.",
    ),
    Problem(
        "file-infected", 400,
        "There is a virus in the file", "Er zit een virus in het bestand",
        "Have your device checked, and make the file again.",
        "Laat uw apparaat nakijken. Maak het bestand daarna opnieuw.",
    ),
    Problem(
        "too-many-files", 400,
        "These are too many files at once", "Dit zijn te veel bestanden tegelijk",
        "Send fewer files at once.", "Verstuur minder bestanden tegelijk.",
    ),
    Problem(
        "file-unreadable", 500,
        "We cannot show this file", "Wij kunnen dit bestand niet laten zien",
        "Call us: 14 053. We have been told of it.", "Bel ons: 14 053. Wij hebben hier al bericht van gekregen.",
    ),
    # --- papers
    Problem(
        "document-unknown", 404,
        "We know no document with this code", "Wij kennen geen document met deze code",
        "Check the code on the paper, sign by sign.", "Kijk teken voor teken of de code klopt.",
    ),
    Problem(
        "not-writable", 400,
        "A name holds signs that deeds are not written in", "In een naam staan tekens die niet in een akte kunnen",
        "Write the name in Latin letters, as the BRP has it.",
        "Schrijf de naam in Latijnse letters, zoals in de BRP.",
    ),
    # --- logging in
    Problem(
        "login-needed", 401,
        "Please log in first", "Log eerst in",
        "This page is for people who have logged in.", "Deze pagina is voor mensen die zijn ingelogd.",
        for_people=True,
    ),
    Problem(
        "not-for-you", 403,
        "This page is not for you", "Deze pagina is niet voor u",
        "Log in in another way, or go back to the start page.", "Log op een andere manier in. Of ga naar het begin.",
        for_people=True,
    ),
    Problem(
        "login-refused", 403,
        "You cannot come in", "U kunt hier niet verder",
        "Call us when you do not know why: 14 053.", "Weet u niet waarom? Bel ons dan: 14 053.",
        for_people=True,
    ),
    Problem(
        "login-over", 400,
        "This log-in is over", "Dit inloggen is voorbij",
        "It took too long, was used before, or began in another browser. Log in again.",
        "Het duurde te lang, was al gebruikt of begon in een andere browser. Log opnieuw in.",
        for_people=True,
    ),
    Problem(
        "login-cancelled", 400,
        "You stopped logging in", "U bent gestopt met inloggen",
        "Nothing happened. You can log in again.", "Er is niets gebeurd. U kunt opnieuw inloggen.",
        for_people=True,
    ),
    Problem(
        "login-failed", 400,
        "Logging in did not succeed", "Het inloggen is niet gelukt",
        "We could not check the answer that we got, so you are not logged in. Log in again.",
        "Wij konden het antwoord niet controleren. Daarom bent u niet ingelogd. Log opnieuw in.",
        for_people=True,
    ),
    Problem(
        "login-unavailable", 503,
        "Logging in does not work for a moment", "Inloggen lukt nu even niet",
        "Try again in a few minutes. What you saved before is still there.",
        "Probeer het over een paar minuten opnieuw. Wat u eerder hebt bewaard, staat er nog.",
        for_people=True,
    ),
    # --- us
    Problem(
        "internal-error", 500,
        "Something went wrong on our side", "Er ging bij ons iets mis",
        "Try again later. If it stays, tell us the correlation id.",
        "Probeer het later opnieuw. Blijft het misgaan? Geef ons dan de code van deze melding.",
    ),
    Problem(
        "unavailable", 503,
        "This does not work for a moment", "Dit werkt nu even niet",
        "Try again after Retry-After, with the same Idempotency-Key.",
        "Probeer het zo opnieuw. Er gebeurt niets dubbel.",
    ),
    Problem(
        "busy", 503,
        "Too many people want something at this moment", "Het is nu erg druk",
        "Try again after Retry-After, with the same Idempotency-Key.",
        "Probeer het zo opnieuw. Er gebeurt niets dubbel.",
    ),
    Problem(
        "timed-out", 504,
        "There was no answer in time", "Er kwam niet op tijd een antwoord",
        "Try again with the same Idempotency-Key; nothing happens twice.",
        "Probeer het opnieuw. Er gebeurt niets dubbel.",
    ),
)  # fmt: skip

PROBLEMS: dict[str, Problem] = {
    problem.code: problem for problem in (*_ROWS, *(Problem(*row, for_people=True) for row in CIVIL_REGISTRY))
}
"""Every problem by its code; the page `/problems/<code>` explains each."""

BY_STATUS: dict[int, Problem] = {
    400: PROBLEMS["bad-request"],
    404: PROBLEMS["not-found"],
    405: PROBLEMS["method-not-allowed"],
    406: PROBLEMS["not-acceptable"],
    413: PROBLEMS["too-large"],
    415: PROBLEMS["unsupported-media-type"],
    429: PROBLEMS["too-many-requests"],
}
"""What an HTTP status means when nothing more is known."""
