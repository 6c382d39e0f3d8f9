"""What the civil registry refuses: code, HTTP status, title in English and Dutch, what to do in English and Dutch.

Rows of the table in `problems`; only pages tell of them. 400: it can never succeed as it is. 403: somebody else may.
404: not there. 409: not in this state, or not yet. 422 is not used (decision 0010).
"""

Row = tuple[str, int, str, str, str, str]

CIVIL_REGISTRY: tuple[Row, ...] = (
    # --- records and who acts on them
    (
        "record-unknown", 404,
        "There is no such declaration", "Wij kunnen deze aangifte niet vinden",
        "Choose a declaration from your list.", "Kies een aangifte uit uw overzicht.",
    ),
    (
        "not-now", 409,
        "This cannot be done now", "Dit kan nu niet",
        "Look at the declaration again; it shows what can be done.",
        "Bekijk de aangifte opnieuw. U ziet dan wat wel kan.",
    ),
    (
        "not-your-role", 403,
        "Somebody else has to do this", "Dit mag alleen iemand anders doen",
        "Leave it to somebody with the right role.", "Laat dit over aan iemand met de juiste rol.",
    ),
    (
        "assurance-too-low", 403,
        "Log in with a stronger means", "Log in met een sterker middel",
        "For this step we must be surer of who you are.", "Bij deze stap moeten wij zekerder weten wie u bent.",
    ),
    (
        "assigned-to-other", 409,
        "Somebody else is working on this", "Een collega is hiermee bezig",
        "Take it over first, or leave it to your colleague.", "Neem het eerst over. Of laat het aan uw collega.",
    ),
    (
        "same-officer", 403,
        "A second person has to look at this", "Hier moet een tweede persoon naar kijken",
        "Ask another officer.", "Vraag een andere ambtenaar.",
    ),
    (
        "brp-not-checked", 409,
        "The comparison with the BRP is not there yet", "De vergelijking met de BRP is er nog niet",
        "Wait a moment, or ask for the comparison again.", "Wacht even. Of vraag de vergelijking opnieuw aan.",
    ),
    (
        "findings-open", 409,
        "Something has to be settled first", "Er moet eerst iets worden opgelost",
        "Settle what was found, or ask the declarant.", "Los op wat is gevonden. Of vraag het de aangever.",
    ),
    (
        "answer-date-impossible", 400,
        "The answer cannot be asked for by that day", "Deze dag voor het antwoord kan niet",
        "Choose a day from today on, within the legal term.",
        "Kies een dag vanaf vandaag, binnen de wettelijke termijn.",
    ),
    (
        "nothing-supplied", 400,
        "Nothing was added", "U hebt niets toegevoegd",
        "Answer our question, change what is wrong, or add the document.",
        "Beantwoord onze vraag, verbeter wat niet klopt of voeg het document toe.",
    ),
    (
        "not-complete", 400,
        "Something is missing", "Er ontbreekt nog iets",
        "Complete what is named, then send it again.", "Vul aan wat hieronder staat. Verstuur het daarna opnieuw.",
    ),
    (
        "can-be-declared-online", 409,
        "You can go on online", "U kunt online verder",
        "No visit is needed. Go on with the declaration.", "U hoeft niet langs te komen. Ga verder met de aangifte.",
    ),
    (
        "too-much-evidence", 409,
        "There are too many documents", "Er zijn te veel documenten",
        "Put several pages into one file.", "Zet meer pagina's in één bestand.",
    ),
    (
        "bsn-invalid", 400,
        "This is not a citizen service number", "Dit is geen burgerservicenummer",
        "Check the nine digits.", "Controleer de negen cijfers.",
    ),
    (
        "bsn-test-range", 400,
        "This number is for tests only", "Dit nummer is alleen voor proeven",
        "Give the number of a person who exists.", "Geef het nummer van iemand die bestaat.",
    ),
    (
        "look-not-allowed", 403,
        "You may not look at this person", "U mag de gegevens van deze persoon niet bekijken",
        "You may look at yourself and at your partner.", "U mag uw eigen gegevens bekijken, en die van uw partner.",
    ),
    (
        "time-does-not-exist", 400,
        "This time did not exist", "Deze tijd heeft niet bestaan",
        "Summer time began in that night. Check the time.",
        "In die nacht begon de zomertijd. Controleer de tijd.",
    ),
    # --- births
    (
        "birth-not-here", 400,
        "The child was born in another municipality", "Het kind is in een andere gemeente geboren",
        "Declare the birth in the municipality where the child was born.",
        "Doe aangifte in de gemeente waar het kind is geboren.",
    ),
    (
        "birth-declarant-not-allowed-online", 403,
        "You cannot declare this birth online", "U kunt deze geboorte niet online aangeven",
        "Online only the mother, the father or the other mother can. Please make an appointment.",
        "Online kan dat alleen de moeder, de vader of de andere moeder. Maak een afspraak.",
    ),
    (
        "birth-not-online", 409,
        "This birth cannot be declared online", "Deze geboorte kunt u niet online aangeven",
        "Make an appointment to declare the birth at the counter.",
        "Maak een afspraak om aan de balie aangifte te doen.",
    ),
    (
        "birth-in-future", 400,
        "The time of birth lies in the future", "Het tijdstip van de geboorte ligt in de toekomst",
        "Check day and time.", "Controleer de dag en de tijd.",
    ),
    (
        "birth-not-confirmed", 409,
        "The birth has not been confirmed yet", "De geboorte is nog niet bevestigd",
        "Wait for the doctor or midwife, or add their statement.",
        "Wacht op de arts of verloskundige. Of voeg hun verklaring toe.",
    ),
    (
        "birth-confirmation-differs", 409,
        "The doctor or midwife says something else", "De arts of verloskundige zegt iets anders",
        "Check the named facts with whoever declared and with whoever confirmed the birth.",
        "Vraag na wat hieronder staat: bij de aangever en bij de arts of verloskundige.",
    ),
    (
        "birth-acknowledgement-needed", 409,
        "The child must be acknowledged first", "Het kind moet eerst worden erkend",
        "That cannot be done online. Please make an appointment.", "Dat kan niet online. Maak een afspraak.",
    ),
    (
        "birth-other-parent-by-law", 409,
        "By law somebody else is the second parent", "Volgens de wet is iemand anders de tweede ouder",
        "Make an appointment; we will look at it together with you.",
        "Maak een afspraak. Dan bekijken wij dit samen met u.",
    ),
    (
        "surname-choice-in-person", 409,
        "You choose the surname together", "U kiest de achternaam samen",
        "Come to the counter together, or give the number of your deed of name choice.",
        "Kom samen naar de balie. Of geef het nummer van uw akte van naamskeuze.",
    ),
    (
        "surname-follows-first-child", 409,
        "The child gets the same surname as your first child",
        "Het kind krijgt dezelfde achternaam als uw eerste kind",
        "Choose that surname.", "Kies die achternaam.",
    ),
    (
        "surname-combination-invalid", 400,
        "These surnames cannot be combined like this", "Deze achternamen kunt u niet zo combineren",
        "A combined surname has one name of each parent, without hyphen. Are you unsure? Make an appointment.",
        "Een dubbele achternaam heeft van elke ouder één naam, zonder streepje. Twijfelt u? Maak een afspraak.",
    ),
    (
        "name-choice-deed-invalid", 400,
        "This is not the number of a deed of name choice", "Dit is geen nummer van een akte van naamskeuze",
        "Type the four digits at the top of the deed, with the year before them: 2026-0123.",
        "Typ de vier cijfers boven aan de akte, met het jaar ervoor: 2026-0123.",
    ),
    (
        "first-names-invalid", 400,
        "The first names cannot be written like this", "De voornamen kunnen zo niet",
        "Write all official first names in full and in order, with a space between them.",
        "Schrijf alle officiële voornamen voluit en in de goede volgorde, met een spatie ertussen.",
    ),
    (
        "first-name-refused", 409,
        "These first names cannot be accepted", "Deze voornamen mogen niet",
        "Give other first names before the named day. Else the civil registrar gives the child a first name.",
        "Geef andere voornamen vóór de genoemde dag. Anders geeft de ambtenaar het kind een voornaam.",
    ),
    (
        "first-names-missing", 409,
        "The child has no first names yet", "Het kind heeft nog geen voornamen",
        "Give at least one first name; the deed says that the officer did.",
        "Geef ten minste één voornaam. De akte vermeldt dat de ambtenaar die heeft gegeven.",
    ),
    (
        "first-names-given", 409,
        "The child already has first names", "Het kind heeft al voornamen",
        "Take the names of the declarant, or refuse them first.",
        "Neem de namen van de aangever over. Of weiger die eerst.",
    ),
    # --- deaths and funerals
    (
        "death-not-here", 400,
        "The death took place in another municipality", "Het overlijden was in een andere gemeente",
        "Declare the death in the municipality where it took place.",
        "Doe aangifte in de gemeente van overlijden.",
    ),
    (
        "death-in-future", 400,
        "The time of death lies in the future", "Het tijdstip van overlijden ligt in de toekomst",
        "Check day and time.", "Controleer de dag en de tijd.",
    ),
    (
        "death-declarant-not-allowed-online", 403,
        "You cannot declare this death online", "U kunt dit overlijden niet online aangeven",
        "Online only an authorised undertaker can.", "Online kan dat alleen een gemachtigde uitvaartondernemer.",
    ),
    (
        "death-not-online", 409,
        "This death cannot be declared online", "Dit overlijden kunt u niet online aangeven",
        "Come to the counter to declare the death.", "Kom naar de balie om aangifte te doen.",
    ),
    (
        "death-authorisation-missing", 400,
        "It is not said who authorised you", "Er staat niet wie u heeft gemachtigd",
        "State who has own knowledge of the death and authorised you.",
        "Vul in wie zelf van het overlijden weet en u heeft gemachtigd.",
    ),
    (
        "death-certificate-missing", 409,
        "A certificate is missing", "Er ontbreekt een verklaring",
        "Add the certificate of death, or the statement of no objection of the public prosecutor.",
        "Voeg de verklaring van overlijden toe. Of de verklaring van geen bezwaar van de officier van justitie.",
    ),
    (
        "prosecutor-not-needed", 409,
        "The public prosecutor need not be asked", "De officier van justitie hoeft niet te worden gevraagd",
        "Go on with the certificate of death.", "Ga verder met de verklaring van overlijden.",
    ),
    (
        "death-already-registered", 409,
        "This death has been registered before", "Dit overlijden is al geregistreerd",
        "Check the citizen service number.", "Controleer het burgerservicenummer.",
    ),
    (
        "funeral-not-planned", 409,
        "The funeral has no day and time yet", "De uitvaart heeft nog geen dag en tijd",
        "Add day and time of the funeral.", "Vul de dag en tijd van de uitvaart in.",
    ),
    (
        "funeral-too-early", 409,
        "The funeral is too early", "De uitvaart is te vroeg",
        "It can be from 36 hours after the death on. Ask the mayor if it must be earlier.",
        "De uitvaart kan vanaf 36 uur na het overlijden. Moet het eerder? Vraag het de burgemeester.",
    ),
    (
        "funeral-too-late", 409,
        "The funeral is too late", "De uitvaart is te laat",
        "It takes place by the sixth working day. Ask the mayor for a later day, with a doctor's statement.",
        "De uitvaart is uiterlijk op de zesde werkdag. Vraag de burgemeester om een latere dag, met een verklaring van "
        "een arts.",
    ),
    (
        "funeral-forbidden", 409,
        "The public prosecutor does not allow the funeral yet",
        "De officier van justitie staat de uitvaart nog niet toe",
        "Wait until the public prosecutor allows it.", "Wacht tot de officier van justitie dit toestaat.",
    ),
    (
        "permit-not-needed", 409,
        "No permit is needed", "Er is geen verlof nodig",
        "Give a doctor's statement to the cemetery or crematorium.",
        "Geef een verklaring van een arts aan de begraafplaats of het crematorium.",
    ),
    (
        "permit-given", 409,
        "A permit has been given for this death", "Voor dit overlijden is een verlof afgegeven",
        "The permit has to be revoked first. Call us: 14 053.",
        "Het verlof moet eerst worden ingetrokken. Bel ons: 14 053.",
    ),
    (
        "permit-before-deed", 409,
        "The death has not been registered yet", "Het overlijden is nog niet geregistreerd",
        "Register it first, or write down why the permit cannot wait.",
        "Registreer het eerst. Of schrijf op waarom het verlof niet kan wachten.",
    ),
    (
        "term-decision-incomplete", 409,
        "The decision is not complete", "Het besluit is niet compleet",
        "Write down which doctor was heard and which term is set; before 36 hours also that the prosecutor agrees.",
        "Schrijf op welke arts is gehoord en welke termijn geldt. Binnen 36 uur ook dat de officier van justitie het "
        "ermee eens is.",
    ),
    (
        "dissection-not-allowed", 409,
        "The body cannot be given to science yet", "Het lichaam kan nog niet naar de wetenschap",
        "Add the last will or the consent, and say where the body goes.",
        "Voeg de wilsverklaring of de toestemming toe. En zeg waar het lichaam naartoe gaat.",
    ),
    # --- marriages and partnerships
    (
        "marriage-too-young", 409,
        "Both must be at least 18 years old", "U moet allebei ten minste 18 jaar zijn",
        "Choose a day on which you both are.", "Kies een dag waarop u allebei 18 jaar of ouder bent.",
    ),
    (
        "marriage-existing-bond", 409,
        "One of you still has a marriage or partnership", "Een van u is nog getrouwd of geregistreerd partner",
        "It must have ended first. Is the register wrong? Tell us.",
        "Dat moet eerst zijn beëindigd. Klopt onze registratie niet? Laat het ons weten.",
    ),
    (
        "marriage-by-conversion", 409,
        "You already have a partnership with each other", "U bent al geregistreerd partner van elkaar",
        "It is converted into a marriage. Make an appointment for that.",
        "Wij zetten dat om in een huwelijk. Maak daarvoor een afspraak.",
    ),
    (
        "marriage-kinship", 409,
        "You cannot marry each other", "U kunt niet met elkaar trouwen",
        "The law forbids it because of your kinship.", "Dat mag niet, omdat u familie van elkaar bent.",
    ),
    (
        "kinship-statement-missing", 409,
        "A statement about your kinship is missing", "Er ontbreekt een verklaring over uw familieband",
        "Make an appointment and bring the named paper.", "Maak een afspraak en neem het genoemde papier mee.",
    ),
    (
        "partners-are-one", 400,
        "Both partners have the same number", "Beide partners hebben hetzelfde nummer",
        "Give the number of your partner.", "Geef het nummer van uw partner.",
    ),
    (
        "partner-deceased", 409,
        "A partner is registered as deceased", "Een partner staat als overleden geregistreerd",
        "Check the number, or call us.", "Controleer het nummer. Of bel ons.",
    ),
    (
        "guardian-consent-missing", 409,
        "Consent of the guardian is missing", "De toestemming van de curator ontbreekt",
        "Add the consent of the guardian, or the permission of the district judge.",
        "Voeg de toestemming van de curator toe. Of die van de kantonrechter.",
    ),
    (
        "sham-declaration-missing", 409,
        "A declaration is missing", "Er ontbreekt een verklaring",
        "Both declare that you do not marry to get a right of residence.",
        "Verklaar allebei dat u niet trouwt om een verblijfsrecht te krijgen.",
    ),
    (
        "marriage-not-here", 409,
        "You give notice in another municipality", "U doet de melding in een andere gemeente",
        "You both live abroad. Give notice in The Hague.",
        "U woont allebei in het buitenland. Doe de melding in Den Haag.",
    ),
    (
        "marriage-without-tie", 409,
        "You cannot marry in the Netherlands", "U kunt niet in Nederland trouwen",
        "One of you must be Dutch or live in the Netherlands.",
        "Een van u moet Nederlander zijn of in Nederland wonen.",
    ),
    (
        "marriage-not-online", 409,
        "You cannot give this notice online", "U kunt deze melding niet online doen",
        "Make an appointment to give notice at the counter.", "Maak een afspraak om de melding aan de balie te doen.",
    ),
    (
        "marriage-too-soon", 409,
        "That day is too early", "Deze dag is te vroeg",
        "You can marry from 14 days after your complete notice on. Choose a later day.",
        "U kunt trouwen vanaf 14 dagen na uw volledige melding. Kies een latere dag.",
    ),
    (
        "marriage-notice-expired", 409,
        "Your notice is not valid on that day", "Uw melding is op die dag niet meer geldig",
        "Choose an earlier day, or give notice again.", "Kies een eerdere dag. Of doe de melding opnieuw.",
    ),
    (
        "marriage-notice-exists", 409,
        "There is another notice already", "Er is al een andere melding",
        "Withdraw the other notice first; it stands in my cases.",
        "Trek eerst de andere melding in. U vindt die bij uw zaken.",
    ),
    (
        "assent-incomplete", 409,
        "The second partner has not shown who that is", "De tweede partner heeft zich niet gelegitimeerd",
        "Look at the second partner's identity document first.", "Controleer eerst het identiteitsbewijs.",
    ),
    (
        "residence-not-verified", 409,
        "The right of residence has not been verified", "Het verblijfsrecht is niet nagekeken",
        "Look up the right of residence of who is not Dutch, and say so.",
        "Kijk het verblijfsrecht na van wie geen Nederlander is. Vink dat daarna aan.",
    ),
    (
        "capacity-certificate-expired", 409,
        "A certificate of capacity to marry is over by then",
        "Een verklaring van huwelijksbevoegdheid geldt dan niet meer",
        "Choose an earlier day, or bring a new certificate.",
        "Kies een eerdere dag. Of lever een nieuwe verklaring in.",
    ),
    (
        "deed-mentions-missing", 409,
        "The deed has to mention a paper", "In de akte moet een stuk worden vermeld",
        "Write down the consent or the sworn statement as the deed mentions it.",
        "Schrijf op hoe de toestemming of de beëdigde verklaring in de akte komt.",
    ),
    (
        "ceremony-time-impossible", 400,
        "There are no ceremonies at that time", "Op deze tijd zijn er geen ceremonies",
        "Choose a time within the hours.", "Kies een tijd binnen de openingstijden.",
    ),
    (
        "ceremony-too-near", 409,
        "You cannot change this yourself any more", "U kunt dit niet meer zelf veranderen",
        "Call us.", "Bel ons.",
    ),
    (
        "ceremony-incomplete", 409,
        "The ceremony is not complete", "De ceremonie is niet compleet",
        "Both must be there, show who they are, and say yes.",
        "Beiden zijn aanwezig, hebben zich gelegitimeerd en zeggen ja.",
    ),
    (
        "not-the-wedding-day", 409,
        "Today is not the day of the ceremony", "De ceremonie is niet vandaag",
        "Record it on its day, or move the ceremony first.",
        "Leg de ceremonie vast op de dag zelf. Of verzet haar eerst.",
    ),
    (
        "room-unknown", 400,
        "There are no ceremonies at this place", "Op deze plek zijn er geen ceremonies",
        "Choose a place from the list.", "Kies een plek uit de lijst.",
    ),
    (
        "room-not-free", 409,
        "Another ceremony is then", "Er is dan al een andere ceremonie",
        "Choose another time, room or officer.", "Kies een andere tijd, zaal of ambtenaar.",
    ),
    (
        "witness-count", 400,
        "The number of witnesses is not right", "Het aantal getuigen klopt niet",
        "Name at least two and at most four adult witnesses; in a special house six.",
        "Noem ten minste twee en ten hoogste vier volwassen getuigen. In een bijzonder huis zijn het er zes.",
    ),
    (
        "witness-not-independent", 400,
        "Somebody cannot be a witness", "Iemand kan geen getuige zijn",
        "Name other persons than yourselves, each of them once.", "Noem anderen dan uzelf, ieder één keer.",
    ),
    # --- deeds and registers
    (
        "officer-is-party", 403,
        "This deed is about yourself", "Deze akte gaat over uzelf",
        "Leave it to another officer.", "Laat de akte over aan een andere ambtenaar.",
    ),
    (
        "officer-not-competent", 403,
        "You are not authorised for this act", "U bent hiertoe niet bevoegd",
        "Leave it to an officer who is appointed for this task.",
        "Laat dit over aan een ambtenaar die hiervoor is aangewezen.",
    ),
    (
        "deed-unknown", 404,
        "There is no such deed", "Deze akte is er niet",
        "Check year and number.", "Controleer het jaar en het nummer.",
    ),
    (
        "deed-number-invalid", 400,
        "This is not the number of a deed", "Dit is geen aktenummer",
        "Type the number as it stands on the deed, such as 1A0123.",
        "Typ het nummer zoals op de akte, bijvoorbeeld 1A0123.",
    ),
    (
        "deed-number-exhausted", 409,
        "This part of the register is full", "Dit deel van het register is vol",
        "Open a new part.", "Open een nieuw deel.",
    ),
    (
        "deed-not-registered", 409,
        "This deed is not in the register yet", "Deze akte staat nog niet in het register",
        "Sign it and put it into the register first.", "Laat de akte eerst ondertekenen en inschrijven.",
    ),
    (
        "deed-cancelled", 409,
        "A court struck this deed out", "De rechter heeft deze akte doorgehaald",
        "No extract can be given of it.", "Er kan geen uittreksel van worden gegeven.",
    ),
    (
        "register-closed", 409,
        "The register of that year is closed", "Het register van dat jaar is afgesloten",
        "Draw the deed up in the register of this year.", "Maak de akte op in het register van dit jaar.",
    ),
    (
        "register-still-open", 409,
        "The register cannot be closed yet", "Het register kan nog niet worden afgesloten",
        "Wait until the year has ended and every deed is signed.",
        "Wacht tot het jaar voorbij is en alle akten zijn ondertekend.",
    ),
    (
        "court-order-not-final", 409,
        "It is too early to mention this judgment", "Deze uitspraak kan nog niet worden vermeld",
        "A judgment is mentioned three months after its date.",
        "Een uitspraak wordt drie maanden na de datum vermeld.",
    ),
    (
        "extract-blocked", 409,
        "No extract can be given at present", "Er kan nu geen uittreksel worden gegeven",
        "The deed is in doubt. Wait until that is settled.", "Er is twijfel over de akte. Wacht tot dat is opgelost.",
    ),
    (
        "copy-interest-missing", 400,
        "It is not said why you need a full copy", "Er staat niet waarom u een afschrift nodig hebt",
        "Explain your legitimate interest, or ask for an extract.",
        "Leg uit welk belang u hebt. Of vraag een uittreksel aan.",
    ),
)  # fmt: skip
