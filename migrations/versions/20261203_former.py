"""A column says who left without their name; no label in one language stands for it."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_former"
down_revision = "20261202_directory"
branch_labels = None
depends_on = None

LABELS = {"nl": "Oud-deelnemer", "en": "Former participant"}


def upgrade() -> None:
    op.add_column("person", sa.Column("former", sa.Boolean(), nullable=False, server_default=sa.false()))
    person = _person()
    labelled = (person.c.state == "deactivated") & person.c.name.in_(LABELS.values())
    op.execute(person.update().where(labelled).values(former=sa.true(), name=""))


def downgrade() -> None:
    person = _person()
    for language, label in LABELS.items():
        nameless = person.c.former & (person.c.name == "") & (person.c.language == language)
        op.execute(person.update().where(nameless).values(name=label))
    with op.batch_alter_table("person") as batch:
        batch.drop_column("former")


def _person() -> sa.TableClause:
    return sa.table(
        "person",
        sa.column("name", sa.String()),
        sa.column("former", sa.Boolean()),
        sa.column("state", sa.String()),
        sa.column("language", sa.String()),
    )
