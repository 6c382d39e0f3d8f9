"""What fields of commands, their choices and what was declared are called on the desk's pages."""

from collections.abc import Mapping

from gateway.pages.texts import N_, _

_LABELS: Mapping[str, str] = {
    "reason": N_("Reason"),
    "note": N_("Remark"),
    "items": N_("What we want to know or have, one per line"),
    "answer_by": N_("Answer before or on"),
    "compared": N_("I compared names, dates and documents side by side"),
    "of_record": N_("Number of the other declaration"),
    "part": N_("Register part"),
    "first_names": N_("First names"),
    "signed_on": N_("Signed on"),
    "sheet_is_filed": N_("The signed sheet lies in the register"),
    "document_on": N_("Date of the document"),
    "reference": N_("Reference"),
    "agrees": N_("It is the same person"),
    "plan": N_("Term"),
    "not_before_at": N_("Not before"),
    "last_on": N_("Last day"),
    "doctor": N_("Doctor who was heard"),
    "prosecutor_agrees": N_("The public prosecutor agrees"),
    "kind": N_("Kind"),
    "at": N_("Day and time"),
    "place": N_("Place"),
    "held_on": N_("Held on"),
    "no_sham": N_("Statement about residence and purpose was given"),
    "custody": N_("Custody of children of an earlier marriage"),
    "guardianship": N_("Under guardianship"),
    "residence": N_("Right of residence"),
    "on": N_("Day"),
    "time": N_("Time"),
    "room_id": N_("Room"),
    "officer_id": N_("Officer"),
    "witnesses": N_("Witnesses"),
    "surname": N_("Surname"),
    "surname_prefix": N_("Prefix"),
    "born_on": N_("Born on"),
    "address": N_("Address"),
    "both_present": N_("Both partners are present"),
    "both_identified": N_("Identity of both was established"),
    "both_said_yes": N_("Both said yes"),
    "held_time": N_("Time of the ceremony"),
    "ground": N_("Ground"),
    "reported_on": N_("Reported on"),
    "received_on": N_("Received on"),
    "forbids": N_("Delayed or forbidden"),
    "residence_verified": N_("Residence of who is not Dutch was verified"),
    "certificates": N_("Certificates of capacity to marry"),
    "partner": N_("Of whom"),
    "issued_on": N_("Issued on"),
    "identified": N_("Identity was established"),
    "surname_before": N_("Surname before"),
    "surname_after": N_("Surname after"),
    "born": N_("Born"),
    "born_at": N_("Time of birth"),
    "died_on": N_("Died on"),
    "died_at": N_("Time of death"),
    "died_place": N_("Died in"),
    "name_use": N_("Use of names"),
    "no_bsn": N_("Why there is no BSN"),
    "pregnancy_weeks": N_("Weeks of pregnancy"),
    "alive": N_("The child lives"),
    "professional_present": N_("Doctor or midwife was there"),
    "acknowledgement": N_("Acknowledgement"),
    "first_child": N_("First child of these parents"),
    "name_choice": N_("Choice of surname"),
    "foreign_name_law": N_("Name law of another country"),
    "sex": N_("Sex"),
    "born_time": N_("Time of birth"),
    "born_place": N_("Born in"),
    "municipality": N_("Municipality (code)"),
    "bsn": N_("Citizen service number (BSN)"),
    "choice": N_("Surname of"),
    "name_choice_deed": N_("Deed of name choice"),
    "email": N_("E-mail address"),
    "phone": N_("Phone number"),
    "language": N_("Language"),
    "confirmed": N_("Said to be right"),
    "marital_status": N_("Marital status"),
    "partner_name": N_("Name of the partner"),
    "last_address": N_("Last address"),
    "manner": N_("Manner of death"),
    "stillborn": N_("Stillborn"),
    "minor": N_("Minor"),
    "name": N_("Name"),
    "relation": N_("Relation"),
    "bond": N_("Kind of bond"),
    "kinship": N_("Kinship"),
    "declarant": N_("Declarant"),
    "answers": N_("Answers"),
    "child": N_("Child"),
    "mother": N_("Mother"),
    "other_parent": N_("The other parent"),
    "contact": N_("Contact"),
    "deceased": N_("Deceased"),
    "death": N_("Death"),
    "authorised": N_("Who authorised the undertaker"),
    "funeral": N_("Funeral"),
    "partner_1": N_("First partner"),
    "partner_2": N_("Second partner"),
    "ceremony": N_("Ceremony"),
    "nationalities": N_("Nationality"),
    "partners": N_("Partners"),
    "parents": N_("Parents"),
    "children": N_("Children"),
    "marks": N_("Note"),
    "consents": N_("Consents that the deed mentions, one per line"),
    "sworn_statements": N_("Sworn statements that the deed mentions, one per line"),
}

_HINTS: Mapping[str, str] = {
    "part": N_("Leave this empty for the part of this office."),
    "officer_id": N_("The account of the officer; leave this empty for whoever is free."),
    "of_record": N_("Such as G-2026-7K2Q9M."),
    "forbids": N_("Tick nothing when the measure was lifted."),
}

_LABELS_OF: Mapping[str, str] = {
    "draw-deed-first-names": N_("First names that the officer gives (only if there are none)"),
    "assent-agrees": N_("The second partner agrees"),
}
"""By the name of a field on the page, where one word means several things."""

_WORDS: Mapping[str, str] = {
    "own": N_("Own surname"),
    "partner": N_("Partner's surname"),
    "partner-own": N_("Partner's, then own surname"),
    "own-partner": N_("Own, then partner's surname"),
    "visitor": N_("A visitor"),
    "stillborn": N_("A stillborn child"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "female": N_("Female"),
    "male": N_("Male"),
    "undetermined": N_("Could not be determined"),
    "earlier": N_("Earlier than 36 hours"),
    "later": N_("Later than the sixth working day"),
    "within-term": N_("Within the legal term"),
    "burial": N_("Burial"),
    "cremation": N_("Cremation"),
    "science": N_("Given to science"),
    "dutch": N_("Dutch"),
    "eu-or-permanent": N_("EU citizen or permanent residence"),
    "other": N_("Another"),
    "mother": N_("Mother"),
    "father": N_("Father"),
    "other-mother": N_("Other mother"),
    "other-parent": N_("The other parent's"),
    "mother-then-other": N_("Mother's, then the other parent's"),
    "other-then-mother": N_("The other parent's, then the mother's"),
    "not-needed": N_("Not needed"),
    "done": N_("Done"),
    "to-do": N_("Still to do"),
    "none": N_("None"),
    "deed": N_("By deed of name choice"),
    "wanted": N_("Still to choose"),
    "natural": N_("Natural"),
    "not-natural": N_("Not natural"),
    "unclear": N_("Unclear"),
    "euthanasia": N_("Euthanasia"),
    "unmarried": N_("Unmarried"),
    "married": N_("Married"),
    "partnership": N_("Registered partnership"),
    "marriage": N_("Marriage"),
    "divorced": N_("Divorced"),
    "partnership-ended": N_("Partnership ended"),
    "widowed": N_("Widowed"),
    "unknown": N_("Unknown"),
    "third-or-fourth-degree": N_("Third or fourth degree"),
    "siblings-by-adoption": N_("Siblings by adoption"),
    "siblings": N_("Siblings"),
    "direct-line": N_("Direct line"),
    "partner_1": N_("First partner"),
    "partner_2": N_("Second partner"),
    "birth": N_("Birth"),
    "death": N_("Death"),
    "nl": N_("Dutch (language)"),
    "en": N_("English"),
    "de": N_("German"),
    "extract": N_("Extract"),
    "multilingual-extract": N_("Multilingual extract"),
    "full-copy": N_("Full copy"),
    "burial-permit": N_("Permit to bury or cremate"),
    "receipt": N_("Receipt"),
    "valid": N_("Valid"),
    "replaced": N_("Replaced"),
    "withdrawn": N_("Withdrawn"),
    "acknowledgement": N_("Acknowledgement"),
    "name-choice": N_("Choice of surname"),
    "name-change": N_("Change of name"),
    "sex-change": N_("Change of sex"),
    "adoption": N_("Adoption"),
    "parenthood": N_("Parenthood"),
    "divorce": N_("Divorce or dissolution"),
    "conversion": N_("Conversion"),
    "court-order": N_("Order of the court"),
    "slip-correction": N_("Obvious slip corrected"),
}


def label_of(path: tuple[str, ...], name: str = "") -> str:
    """Return what a field is called."""
    known = _LABELS_OF.get(name) or _LABELS.get(path[-1])
    return _(known) if known else path[-1].replace("_", " ").capitalize()


def label_of_change(name: str) -> str:
    """Return what a field of a deed's first part is called, by its dotted name."""
    return _("Place of residence") if name == "residence" else ", ".join(label_of((step,)) for step in name.split("."))


def has_label(path: tuple[str, ...]) -> bool:
    """Say whether somebody gave a field a name for people."""
    return path[-1] in _LABELS


def hint_of(path: tuple[str, ...]) -> str:
    """Return what helps to fill a field in; mostly nothing."""
    return _(_HINTS[path[-1]]) if path[-1] in _HINTS else ""


def option_word(value: str) -> str:
    """Return what a choice is called."""
    return _(_WORDS[value]) if value in _WORDS else value.replace("-", " ").capitalize()


def has_word(value: str) -> bool:
    """Say whether somebody gave a choice a name for people."""
    return value in _WORDS


def paper_name(kind: str) -> str:
    """Return what a paper that we gave out is called."""
    return _("Sheet of the deed") if kind == "deed" else option_word(kind)
