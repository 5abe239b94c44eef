"""Emails keep the address and the name of the addressee apart; stored addresses get the form in which they are sent to.

A person also gets the month in which they last signed in.
"""

import sqlalchemy as sa
from alembic import op

from cop.base.mail_addresses import Unmailable, normalize

revision = "20261129_mail_addresses"
down_revision = "20261129_line_breaks"
branch_labels = None
depends_on = None

EMAIL = sa.table("email", sa.column("id"), sa.column("address"), sa.column("name"))
PERSON = sa.table("person", sa.column("id"), sa.column("mail"))


def upgrade() -> None:
    op.add_column("email", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("seen", sa.Date(), nullable=True))
    split_addresses()
    normalize_people()
    op.execute(sa.text(SEEN[op.get_bind().dialect.name]))


# The first day of the month of the last session that is still known, else of the first entry.
SEEN = {
    "sqlite": "UPDATE person SET seen = date(coalesce((SELECT max(made) FROM session WHERE person_id = person.id), "
    "entered), 'start of month')",
    "postgresql": "UPDATE person SET seen = date_trunc('month', coalesce((SELECT max(made) FROM session "
    "WHERE person_id = person.id), entered))::date",
}


def split_addresses() -> None:
    """Take the name out of the addresses of emails: `Anna <anna@…>`."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(EMAIL.c.id, EMAIL.c.address).where(EMAIL.c.address.like("%>"))).all()
    for id, stored in rows:
        name, _bracket, address = stored.removesuffix(">").rpartition("<")
        name = name.strip()
        if name[:1] == name[-1:] == '"' and len(name) > 1:
            name = name[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        connection.execute(sa.update(EMAIL).where(EMAIL.c.id == id).values(address=address, name=name))


def normalize_people() -> None:
    """Store people's addresses as they are compared; one that cannot be mailed, or is taken in that form, stays."""
    connection = op.get_bind()
    people = connection.execute(sa.select(PERSON.c.id, PERSON.c.mail).order_by(PERSON.c.id)).all()
    taken = {mail.lower(): id for id, mail in people}
    for id, mail in people:
        try:
            address = normalize(mail)
        except Unmailable:
            continue
        if address != mail and taken.setdefault(address.lower(), id) == id:
            connection.execute(sa.update(PERSON).where(PERSON.c.id == id).values(mail=address))


def downgrade() -> None:
    connection = op.get_bind()
    for id, address, name in connection.execute(
        sa.select(EMAIL.c.id, EMAIL.c.address, EMAIL.c.name).where(EMAIL.c.name != "")
    ).all():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        connection.execute(sa.update(EMAIL).where(EMAIL.c.id == id).values(address=f'"{quoted}" <{address}>'))
    op.drop_column("email", "name")
    op.drop_column("person", "seen")
