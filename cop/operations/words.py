"""What the journal, the jobs and the mail say in words, for administrators; the codes stay behind a fold."""

from __future__ import annotations

import re

from cop.base.words import _


def of_verb(verb: str) -> str:
    """Return what somebody did, as a sentence that follows their name; the verb itself where it has no words."""
    return _verbs().get(verb, verb)


def of_job(name: str) -> str:
    """Return what a job does."""
    return _jobs().get(name, name)


def of_mail(kind: str) -> str:
    """Return what a mail is about."""
    return _mails().get(kind, kind)


def of_failure(error: str) -> str:
    """Return why a mail was not sent, from the error of the mail server or of the connection to it."""
    found = next((reason for reason, pattern in FAILURES.items() if re.search(pattern, error, re.IGNORECASE)), "other")
    return _failures()[found]


# The first that matches counts. Codes: RFC 5321, with the enhanced ones of RFC 3463.
FAILURES = {
    "login": r"SMTPAuthenticationError|\b53[045]\b",
    "sender": r"SMTPSenderRefused",
    "full": r"\b[45]\.2\.2\b|\b552\b|quota|mailbox (is )?full",
    "refused": r"\b5\.7\.\d+\b|spam|blocked|blacklist|\bSPF\b|DMARC",
    "recipient": r"\b5\.1\.\d+\b|\b55[013]\b|\b5\d\d\b.*(unknown|user|mailbox|recipient)|SMTPRecipientsRefused.*\b5\d\d\b",
    "later": r"\b4[25]\d\b|greylist|try again later",
    "connection": r"ConnectionRefused|ConnectError|Disconnected|gaierror|OSError|TimeoutError|timed out|SSLError|ssl\.",
    "recipients": r"SMTPRecipientsRefused",
}


def _verbs() -> dict[str, str]:
    """Return the sentence of every journalled verb."""
    return {
        "applications.accept": _("heeft van een aanvraag een samenwerking gemaakt"),
        "applications.answer_offer": _("heeft op een aangeboden plaats geantwoord"),
        "applications.attach": _("heeft een bestand bij een aanvraag gevoegd"),
        "applications.detach": _("heeft een bestand bij een aanvraag weggehaald"),
        "applications.enter": _("heeft een aanvraag geopend"),
        "applications.erase": _("heeft een aanvraag gewist"),
        "applications.expire_offer": _("heeft een aangeboden plaats laten vervallen"),
        "applications.extend": _("heeft een aanvraag meer tijd gegeven"),
        "applications.start": _("heeft om een aanvraag gevraagd"),
        "applications.submit": _("heeft een aanvraag ingediend"),
        "applications.undo": _("heeft een gemaakte samenwerking teruggenomen"),
        "applications.withdraw": _("heeft een aanvraag ingetrokken"),
        "bulletins.correct": _("heeft een weekbericht gecorrigeerd"),
        "bulletins.draft": _("is een weekbericht begonnen"),
        "bulletins.remove": _("heeft het concept van een weekbericht weggegooid"),
        "bulletins.restore": _("heeft een weekbericht teruggezet"),
        "bulletins.save": _("heeft het concept van een weekbericht gewijzigd"),
        "bulletins.send": _("heeft een weekbericht verstuurd"),
        "bulletins.withdraw": _("heeft een weekbericht ingetrokken"),
        "calls.add": _("heeft een oproep gemaakt"),
        "calls.build": _("heeft het formulier van een oproep gewijzigd"),
        "calls.close_round": _("heeft een ronde van beoordelen gesloten"),
        "calls.edit": _("heeft een oproep gewijzigd"),
        "calls.move_deadline": _("heeft de sluiting van een oproep verzet"),
        "calls.open_round": _("heeft een ronde van beoordelen heropend"),
        "calls.publish": _("heeft een oproep gepubliceerd"),
        "calls.reopen": _("heeft een oproep heropend"),
        "calls.unpublish": _("heeft een oproep teruggenomen"),
        "contacts.add": _("heeft iemand bij een aanvraag laten meewerken"),
        "contacts.make_lead": _("heeft een ander de eerste contactpersoon van een aanvraag gemaakt"),
        "contacts.sign_out": _("heeft zich bij een aanvraag uitgelogd"),
        "contacts.remove": _("heeft iemands werk aan een aanvraag beëindigd"),
        "decisions.edit_mail": _("heeft de mail over een besluit bewerkt"),
        "decisions.propose": _("heeft een besluit over een aanvraag voorgesteld"),
        "decisions.send": _("heeft uitkomsten bekendgemaakt"),
        "reviewers.add": _("heeft een beoordelaar uitgenodigd"),
        "reviewers.remove": _("heeft iemands beoordelen beëindigd"),
        "reviews.assign": _("heeft beoordelingen toegewezen"),
        "reviews.declare": _("heeft gezegd of er een belang is"),
        "reviews.save": _("heeft een beoordeling opgeslagen"),
        "backed_up": _("heeft een back-up gemaakt"),
        "denied": _("mocht iets niet doen"),
        "coach.bring_back": _("heeft iets teruggezet in de lijst van de coach"),
        "coach.configure": _("heeft ingesteld wanneer iets te lang duurt"),
        "coach.invite_again": _("heeft als coach iemand opnieuw uitgenodigd"),
        "coach.set_aside": _("heeft iets in de lijst van de coach uitgesteld of afgehandeld"),
        "coach.write": _("heeft als coach een mail gestuurd"),
        "communities.add": _("heeft een praktijkgemeenschap gemaakt"),
        "communities.edit": _("heeft een praktijkgemeenschap gewijzigd"),
        "communities.join": _("leest als beheerder mee in een praktijkgemeenschap"),
        "communities.remove": _("heeft een praktijkgemeenschap verwijderd"),
        "files.describe": _("heeft de toelichting bij een document gewijzigd"),
        "files.publish": _("heeft een document openbaar gemaakt"),
        "files.replace": _("heeft een nieuwe versie van een document geplaatst"),
        "files.restore": _("heeft een oudere versie van een document teruggezet"),
        "files.trash": _("heeft een document naar de prullenbak verplaatst"),
        "files.unpublish": _("heeft een document niet meer openbaar gemaakt"),
        "files.untrash": _("heeft een document uit de prullenbak gehaald"),
        "files.upload": _("heeft een document geplaatst"),
        "folders.add": _("heeft een map gemaakt"),
        "folders.remove": _("heeft een map verwijderd"),
        "folders.rename": _("heeft een map een andere naam gegeven"),
        "jobs.revive": _("heeft een mislukte taak opnieuw gestart"),
        "mail.resend": _("heeft een mail opnieuw verstuurd"),
        "members.add_partners": _("heeft partners toegevoegd aan een praktijkgemeenschap"),
        "members.change": _("heeft de rol van een deelnemer gewijzigd"),
        "members.correct": _("heeft de gegevens van een uitgenodigde verbeterd"),
        "members.expire": _("heeft de deelname van een expert na de laatste dag beëindigd"),
        "members.invite": _("heeft iemand uitgenodigd"),
        "members.invite_several": _("heeft meer mensen tegelijk uitgenodigd"),
        "members.remove": _("heeft een deelnemer verwijderd"),
        "members.resend": _("heeft een uitnodiging opnieuw verstuurd"),
        "members.restore": _("heeft een verwijderde deelnemer teruggezet"),
        "members.revoke": _("heeft een uitnodiging ingetrokken"),
        "members.warn": _("heeft een expert gewaarschuwd dat de deelname afloopt"),
        "messages.edit": _("heeft een chatbericht gewijzigd"),
        "messages.hide": _("heeft een chatbericht verborgen"),
        "messages.redact": _("heeft gegevens uit een chatbericht verwijderd"),
        "messages.restore": _("heeft een ingetrokken chatbericht teruggezet"),
        "messages.retract": _("heeft een chatbericht ingetrokken"),
        "messages.say": _("heeft een chatbericht geplaatst"),
        "messages.unhide": _("heeft een verborgen chatbericht weer zichtbaar gemaakt"),
        "notices.choose": _("heeft gekozen waarover mail komt"),
        "notices.unsubscribe": _("heeft een soort mail gestopt via de link in de mail"),
        "municipalities.import": _("heeft gemeenten geïmporteerd"),
        "municipalities.remove": _("heeft een gemeente verwijderd"),
        "organisations.add": _("heeft een organisatie toegevoegd"),
        "organisations.edit": _("heeft een organisatie gewijzigd"),
        "organisations.merge": _("heeft twee organisaties samengevoegd"),
        "organisations.remove": _("heeft een organisatie verwijderd"),
        "partnerships.add": _("heeft een samenwerking gemaakt"),
        "partnerships.ask": _("heeft van een hulpvraag een gesprek gemaakt"),
        "partnerships.check_in": _("heeft de stand van zaken van een maand ingevuld"),
        "partnerships.close_month": _("heeft een maand gesloten die niemand invulde"),
        "partnerships.consent": _("heeft namens een organisatie toestemming gegeven"),
        "partnerships.describe": _("heeft een lokale opgave bijgewerkt"),
        "partnerships.edit": _("heeft een samenwerking gewijzigd"),
        "partnerships.open_month": _("heeft een nieuwe maand geopend"),
        "partnerships.remove": _("heeft een samenwerking verwijderd"),
        "partnerships.restore_challenge": _("heeft een eerdere lokale opgave teruggezet"),
        "partnerships.skip": _("heeft een maand overgeslagen"),
        "partnerships.withdraw_consent": _("heeft de toestemming van een organisatie ingetrokken"),
        "access_review.confirm": _("heeft bevestigd wie toegang heeft"),
        "access_review.end_guest": _("heeft de toegang van een gast beëindigd"),
        "access_review.restore_guest": _("heeft een gast teruggezet"),
        "access_review.withdraw": _("heeft een bevestiging van toegang ingetrokken"),
        "people.add": _("heeft iemand toegevoegd"),
        "people.change_mail": _("heeft een ander mailadres aangevraagd"),
        "people.come_back": _("heeft iemand die uit dienst was weer laten meedoen"),
        "people.confirm_mail": _("heeft een nieuw mailadres bevestigd"),
        "people.deactivate": _("heeft een account afgesloten"),
        "people.demote": _("heeft iemand beheerder af gemaakt"),
        "people.edit": _("heeft het eigen profiel gewijzigd"),
        "people.enter": _("heeft het welkomstscherm ingevuld"),
        "people.hand_over": _("heeft iemands plaats aan een opvolger overgedragen"),
        "people.leave": _("heeft iemand uit dienst gemeld"),
        "people.link": _("heeft een link om in te loggen gemaild"),
        "people.correct": _("heeft de gegevens van een uitgenodigde verbeterd"),
        "people.promote": _("heeft iemand beheerder gemaakt"),
        "people.reactivate": _("heeft een account weer geopend"),
        "people.set_language": _("heeft de taal gewijzigd"),
        "people.set_password": _("heeft een wachtwoord ingesteld of verwijderd"),
        "people.set_photo": _("heeft de foto gewijzigd"),
        "people.sign_in": _("heeft iemand ingelogd"),
        "people.sign_out": _("heeft uitgelogd"),
        "people.sign_out_everywhere": _("heeft op alle apparaten uitgelogd"),
        "posts.edit": _("heeft een bericht gewijzigd"),
        "posts.hide": _("heeft een bericht verborgen"),
        "posts.redact": _("heeft gegevens uit een bericht verwijderd"),
        "posts.restore": _("heeft een ingetrokken bericht teruggezet"),
        "posts.retract": _("heeft een bericht ingetrokken"),
        "posts.unhide": _("heeft een verborgen bericht weer zichtbaar gemaakt"),
        "programmes.add": _("heeft een programma gemaakt"),
        "programmes.edit": _("heeft een programma gewijzigd"),
        "programmes.edit_public": _("heeft het concept van een openbare pagina gewijzigd"),
        "programmes.enter_phase": _("heeft een fase van een programma begonnen"),
        "programmes.publish": _("heeft de pagina van een programma openbaar gemaakt"),
        "programmes.remove": _("heeft een programma verwijderd"),
        "programmes.set_logo": _("heeft het logo van een programma gewijzigd"),
        "programmes.unpublish": _("heeft de pagina van een programma niet meer openbaar gemaakt"),
        "rooms.harvest": _("heeft chatberichten verder besproken in een gesprek"),
        "team.add": _("heeft iemand aan het programmateam toegevoegd"),
        "team.remove": _("heeft iemand uit het programmateam gehaald"),
        "threads.answer": _("heeft een reactie als antwoord gekozen"),
        "threads.close": _("heeft een gesprek gesloten"),
        "threads.feature": _("heeft een gesprek uitgelicht"),
        "threads.hide": _("heeft een gesprek verborgen"),
        "threads.move": _("heeft een gesprek verplaatst"),
        "threads.pin": _("heeft een gesprek vastgezet"),
        "threads.reopen": _("heeft een gesprek weer geopend"),
        "threads.reply": _("heeft in een gesprek gereageerd"),
        "threads.retitle": _("heeft de titel van een gesprek gewijzigd"),
        "threads.retract": _("heeft een gesprek ingetrokken"),
        "threads.start": _("heeft een gesprek gestart"),
        "threads.unanswer": _("heeft de keuze van het antwoord ingetrokken"),
        "threads.unfeature": _("heeft een gesprek niet langer uitgelicht"),
        "threads.unhide": _("heeft een verborgen gesprek weer zichtbaar gemaakt"),
        "threads.unpin": _("heeft een gesprek losgemaakt"),
        "tokens.make": _("heeft een API-token gemaakt"),
        "tokens.revoke": _("heeft een API-token ingetrokken"),
        "uploads.sweep": _("heeft ongebruikte bestanden opgeruimd"),
    }


def _jobs() -> dict[str, str]:
    """Return the words of every job."""
    return {
        "intake.offers": _("Aangeboden plaatsen laten vervallen"),
        "intake.remind": _("Mensen met een open aanvraag herinneren"),
        "intake.erase": _("Aanvragen wissen waarvan de tijd om is"),
        "documents.all_pictures": _("Kleine afbeeldingen maken"),
        "documents.pictures": _("Kleine afbeeldingen van een bestand maken"),
        "documents.sweep": _("Ongebruikte bestanden opruimen"),
        "jobs.sweep": _("Afgeronde taken opruimen"),
        "leaving.sweep": _("Profielen van wie uit dienst is opruimen"),
        "limits.sweep": _("Oude pogingen vergeten"),
        "mail.send": _("Een mail versturen"),
        "mail.sweep": _("Oude mail opruimen"),
        "notices.followers": _("De volgers van een gesprek een melding geven"),
        "bulletins.weekly": _("De weekberichten van maandag klaarzetten"),
        "notices.digest": _("Het overzicht per mail klaarzetten"),
        "notices.digest_one": _("Het overzicht per mail voor één persoon maken"),
        "operations.examine": _("De database controleren"),
        "partnerships.months": _("De maanden van samenwerkingen openen en sluiten"),
        "people.link": _("Een link om in te loggen mailen"),
        "people.sweep": _("Verlopen sessies en links opruimen"),
        "phases.enter": _("Fasen van programma’s beginnen"),
        "terms.end": _("Deelname van experts beëindigen"),
    }


def _mails() -> dict[str, str]:
    """Return the words of every kind of mail."""
    return {
        "coach/message": _("Bericht van een coach"),
        "intake/start": _("Link voor een nieuwe aanvraag"),
        "intake/resume": _("Link naar een aanvraag"),
        "intake/deadline": _("Nieuwe sluiting van een oproep"),
        "intake/lead": _("Overdracht van een aanvraag"),
        "intake/contact": _("Uitnodiging om aan een aanvraag te werken"),
        "intake/receipt": _("Ontvangstbewijs van een aanvraag"),
        "intake/withdrawn": _("Bevestiging van het intrekken"),
        "intake/offer": _("Aanbod van een plaats"),
        "intake/expired": _("Verlopen aanbod van een plaats"),
        "intake/reminder": _("Herinnering aan een aanvraag"),
        "intake/decision": _("Uitkomst van een aanvraag"),
        "intake/reviewer": _("Verzoek om te beoordelen"),
        "leaving/back": _("Bericht dat iemand weer meedoet"),
        "leaving/left": _("Bericht aan wie uit dienst is"),
        "leaving/successor": _("Bericht aan een opvolger"),
        "leaving/told": _("Bericht dat iemand uit dienst is"),
        "members/invitation": _("Uitnodiging"),
        "members/term": _("Bericht dat de deelname afloopt"),
        "notices/answer": _("Reactie op een vraag"),
        "notices/bulletin": _("Weekbericht"),
        "notices/digest": _("Overzicht"),
        "notices/mention": _("Vermelding"),
        "people/administrator": _("Bericht aan een nieuwe beheerder"),
        "people/invitation": _("Uitnodiging voor het platform"),
        "people/link": _("Link om in te loggen"),
        "people/mail_new": _("Bevestiging van een nieuw mailadres"),
        "people/mail_old": _("Bericht over een nieuw mailadres"),
        "people/password": _("Bericht over een nieuw wachtwoord"),
        "partnerships/check_in": _("Vraag naar de stand van zaken van een maand"),
        "partnerships/partner": _("Bericht aan een nieuwe partner"),
        "programmes/team": _("Bericht aan een nieuw teamlid"),
        "programmes/phase": _("Nieuwe fase van een programma"),
    }


def _failures() -> dict[str, str]:
    """Return the words of each reason."""
    return {
        "recipient": _("Het mailadres bestaat niet, of de mailserver van de ontvanger weigert het."),
        "full": _("De mailbox van de ontvanger is vol."),
        "later": _("De mailserver van de ontvanger vroeg om later terug te komen."),
        "refused": _("De mailserver van de ontvanger vertrouwt deze mail niet."),
        "sender": _("De mailserver weigert onze afzender."),
        "login": _("De mailserver weigert onze naam of ons wachtwoord. Controleer COP_SMTP_URL."),
        "connection": _("De mailserver was niet te bereiken."),
        "other": _("De mail kon niet worden verstuurd."),
        "recipients": _("De mailserver weigert de ontvanger."),
    }
