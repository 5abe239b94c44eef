"""Archives of an invented mailing list, with everything that old mail programs did to mail."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from tests.cli.forum import picture

LIST = "wonen@lijst.example"
FOOTER = "_______________________________________________\nWonen mailing list\nWonen@lijst.example\nhttps://lijst.example/wonen\n"


def headers(id: str, subject: str, date: str, sender: str = "Anna Adem <anna@proef.example>", **more: str) -> str:
    given = {"From": sender, "To": LIST, "Subject": subject, "Date": date, "Message-ID": f"<{id}@mail.example>"}
    given |= {name.replace("_", "-"): value for name, value in more.items()}
    return "".join(f"{name}: {value}\n" for name, value in given.items() if value)


def plain(head: str, body: str) -> bytes:
    return f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}".encode()


def nasty() -> list[bytes]:
    """Return mails with one difficulty each; the comments of the test say which."""
    bram, olga = "Bram Baan <Bram@Proef.example>", "Olga Onbekend <olga@elders.example>"
    first = plain(
        headers("1", "[Wonen] Huismeester?", "Mon, 2 Mar 2015 10:00:00 +0100", List_Id="<wonen.lijst.example>"),
        "Beste allen,\n\nWie heeft er een huismeester die iedere week met de bewoners belt en die daar al langer\nmee werkt?\n\n- een\n- twee\n\nGroet,\nAnna\n-- \nAnna Adem\n06-12345678\n"
        + FOOTER,
    )
    answer = plain(
        headers(
            "2",
            "Re: [Wonen] Huismeester?",
            "Mon, 2 Mar 2015 09:00:00 +0000",
            bram,
            In_Reply_To="<1@mail.example>",
            List_Id="<wonen.lijst.example>",
        ),
        "Wij wel.\n\n> Wie heeft er een huismeester\n\nZie boven. Bel gerust.\n\nOp ma 2 mrt. 2015 om 10:00 schreef Anna Adem <anna@proef.example>:\n\n> Beste allen,\n>\n> Wie heeft er een huismeester\n",
    )
    outlook = plain(
        headers(
            "3",
            "RE: Huismeester?",
            "Tue, 3 Mar 2015 08:00:00 +0100",
            olga,
            References="<1@mail.example> <2@mail.example>",
        ),
        "Bij ons ook.\n\nVerstuurd vanaf mijn iPhone\n\n________________________________\nVan: Bram Baan\nVerzonden: maandag 2 maart 2015\nAan: lijst\nOnderwerp: RE: Huismeester?\n\nWij wel. Geheim van Bram.\n",
    )
    latin = (
        headers(
            "4",
            "=?iso-8859-1?Q?Caf=E9_op_de_hoek?=",
            "Wed, 4 Mar 2015 08:00:00 +0100",
            "=?utf-8?B?w4luw6kgw4l2YQ==?= <eva@proef.example>",
        )
        + "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nHet caf=E9 is om de hoek; =80 kost het niets.\n"
    ).encode()
    undeclared = (
        headers("5", "Geen tekenset", "Thu, 5 Mar 2015 08:00:00 +0100").encode() + b"\nPrijs \x80 5, caf\xe9 dicht.\n"
    )
    wrong = (
        headers("6", "Rare tekenset", "Fri, 6 Mar 2015 08:00:00 +0100")
        + "Content-Type: text/plain; charset=x-bestaat-niet\n\nÜber alles heen\n"
    ).encode()
    nameless = plain(
        headers("", "Zonder nummer van zichzelf", "Sat, 7 Mar 2015 08:00:00 +0100").replace(
            "Message-ID: <@mail.example>\n", ""
        ),
        "Een mail zonder Message-ID.\n",
    )
    undated = plain(
        headers("8", "Rare datum", "gisteren of zo", Received="from a by b; Sun, 8 Mar 2015 08:00:00 +0100"),
        "Wanneer was dit?\n",
    )
    future = plain(headers("9", "Toekomst", "Sun, 8 Mar 2099 08:00:00 +0100"), "Uit de toekomst.\n")
    by_subject = plain(
        headers("10", "Antw: huismeester?", "Mon, 9 Mar 2015 08:00:00 +0100", bram), "Zonder verwijzing.\n"
    )
    html = MIMEMultipart("alternative")
    html["From"], html["To"], html["Subject"] = "Anna Adem <anna@proef.example>", LIST, "Alleen HTML"
    html["Date"], html["Message-ID"] = "Tue, 10 Mar 2015 08:00:00 +0100", "<11@mail.example>"
    html.attach(
        MIMEText(
            "<html><head><style>p{color:red}</style></head><body><p>Dit is <b>belangrijk</b>: <a href='https://elders.example'>hier</a>."
            "<script>alert(1)</script><img src='http://spion.example/a.gif'></p><div class='gmail_quote'>Op maandag schreef Bram:<blockquote>oud</blockquote></div></body></html>",
            "html",
            "utf-8",
        )
    )
    big = MIMEMultipart()
    big["From"], big["To"], big["Subject"] = olga, LIST, "Bijlagen"
    big["Date"], big["Message-ID"] = "Wed, 11 Mar 2015 08:00:00 +0100", "<12@mail.example>"
    big.attach(MIMEText("Zie de bijlage.", "plain", "utf-8"))
    content = MIMEApplication(b"regel met tekst\n" * 131_072, "octet-stream")  # 2 MB
    content.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "verslag café.txt"))
    program = MIMEApplication(b"MZ\x90\x00" + b"\0" * 500, "octet-stream")
    program.add_header("Content-Disposition", "attachment", filename="foto.exe")
    logo = MIMEApplication(picture(), "png")
    logo.replace_header("Content-Type", "image/png")
    logo["Content-ID"] = "<logo>"
    for part in (content, program, logo):
        big.attach(part)
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Date"] = "x@elders.example", "Diep", "Mon, 1 Jan 2015 08:00:00 +0100"
    inner.set_content("De binnenste mail.\n")
    middle = MIMEMultipart()
    middle["From"], middle["Subject"] = "y@elders.example", "Tussenin"
    middle.attach(MIMEText("De middelste mail.", "plain"))
    middle.attach(MIMEMessage(inner))
    outer = MIMEMultipart()
    outer["From"], outer["To"], outer["Subject"] = "Anna Adem <anna@proef.example>", LIST, "Fwd: Tussenin"
    outer["Date"], outer["Message-ID"] = "Thu, 12 Mar 2015 08:00:00 +0100", "<13@mail.example>"
    outer.attach(MIMEText("Ter informatie.", "plain"))
    outer.attach(MIMEMessage(middle))
    forwarded = plain(
        headers("14", "Fw: nieuws", "Fri, 13 Mar 2015 08:00:00 +0100"),
        "Kijk:\n\n---------- Doorgestuurd bericht ----------\nVan: X\nDatum: gisteren\nAan: Y\nOnderwerp: nieuws\n\nHet nieuws zelf.\n",
    )
    flowed = plain(
        headers("15", "Vloeiend", "Sat, 14 Mar 2015 08:00:00 +0100"),
        "Een zin die \ndoorloopt.\n\n>From hier verder \nen door.\n",
    ).replace(b"charset=utf-8", b"charset=utf-8; format=flowed")
    away = plain(
        headers("16", "Automatisch antwoord: Huismeester?", "Sat, 14 Mar 2015 09:00:00 +0100"), "Ik ben afwezig.\n"
    )
    bounced = plain(
        headers("17", "Undelivered", "Sat, 14 Mar 2015 09:00:00 +0100", "MAILER-DAEMON@mail.example"), "Mislukt.\n"
    )
    number = plain(headers("18", "Nummer", "Sun, 15 Mar 2015 08:00:00 +0100"), "Het BSN is 111222333.\n")
    via = plain(
        headers(
            "19",
            "Namens",
            "Mon, 16 Mar 2015 08:00:00 +0100",
            f"Bram Baan via Wonen <{LIST}>",
            Reply_To="Bram Baan <bram@proef.example>",
            List_Post=f"<mailto:{LIST}>",
        ),
        "Namens Bram.\n",
    )
    orphan = plain(
        headers("20", "Re: Zonder begin", "Tue, 17 Mar 2015 08:00:00 +0100", References="<weg@mail.example>"),
        "Op een mail die er niet is.\n",
    )
    orphan2 = plain(
        headers(
            "21",
            "Re: Zonder begin",
            "Tue, 17 Mar 2015 09:00:00 +0100",
            bram,
            References="<weg@mail.example> <20@mail.example>",
        ),
        "En nog een.\n",
    )
    empty = plain(headers("22", "Leeg", "Wed, 18 Mar 2015 08:00:00 +0100"), "\n\n")
    return [
        *(
            first,
            answer,
            outlook,
            latin,
            undeclared,
            wrong,
            nameless,
            undated,
            future,
            by_subject,
            html.as_bytes(),
            big.as_bytes(),
        ),
        *(outer.as_bytes(), forwarded, flowed, away, bounced, number, via, orphan, orphan2, empty, first),
    ]


def save(path: Path, mails: list[bytes]) -> Path:
    """Write an archive as mail programs do: a line `From ` before each mail, and `>` before such a line in one."""
    with path.open("wb") as file:
        for mail in mails:
            lines = [b">" + line if line.startswith(b"From ") else line for line in mail.split(b"\n")]
            file.write(b"From anna@proef.example Mon Mar  2 10:00:00 2015\n" + b"\n".join(lines) + b"\n\n")
    return path


def many(number: int, seed: int = 1) -> list[bytes]:
    """Return this many mails in threads of ten."""
    chance, made = random.Random(seed), []
    for n in range(number):
        thread, place = divmod(n, 10)
        more = {"References": f"<m{thread}-0@mail.example>"} if place else {}
        body = "\n\n".join(
            f"Alinea {chance.randrange(10**6)} over wonen en zorg, met enkele zinnen. " * 3 for _ in range(3)
        )
        made.append(
            plain(
                headers(
                    f"m{thread}-{place}",
                    f"{'Re: ' if place else ''}Onderwerp {thread}",
                    f"Mon, {2 + place} Mar 2015 10:{thread % 60:02}:00 +0100",
                    f"Lid {n % 7} <lid{n % 7}@elders.example>",
                    **more,
                ),
                body
                + "\n\nOp maandag 2 maart 2015 schreef Lid 3 <lid3@elders.example>:\n> oud\n> ouder\n" * bool(place),
            )
        )
    return made
