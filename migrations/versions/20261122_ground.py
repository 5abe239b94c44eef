"""The ground: every table of the first version."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261122_ground"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "stamp",
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_stamp")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("object_kind", sa.String(), nullable=True),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_verb"), ["verb"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "limit_mark",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_mark")),
    )
    op.create_table(
        "live_cut",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_cut")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "recurring",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_recurring")),
    )
    op.create_table(
        "community",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_community_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("slug", name=op.f("uq_community_slug")),
    )
    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_community_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_partnership_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partnership_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("mail_shown", sa.Boolean(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("photo", sa.String(), nullable=True),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("entered", UtcDateTime(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("mail", name=op.f("uq_person_mail")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_phase_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint("person_id", "document", "version", name=op.f("uq_acceptance_person_id_document_version")),
    )
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acceptance_person_id"), ["person_id"], unique=False)

    op.create_table(
        "affiliation",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_affiliation_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_affiliation_person_id")),
        sa.PrimaryKeyConstraint("person_id", "organisation_id", name=op.f("pk_affiliation")),
    )
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_affiliation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest")),
    )
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("person_id", "place", name=op.f("pk_draft")),
    )
    op.create_table(
        "folder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_folder_community_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["folder.id"], name=op.f("fk_folder_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder")),
    )
    with op.batch_alter_table("folder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_folder_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_folder_place", ["community_id", "parent_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.Column("accepted", UtcDateTime(), nullable=True),
        sa.Column("revoked", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_invitation_community_id")),
        sa.ForeignKeyConstraint(["inviter_id"], ["person.id"], name=op.f("fk_invitation_inviter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("next", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("expires", UtcDateTime(), nullable=False),
        sa.Column("used", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("key", name=op.f("uq_link_key")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("warned", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_membership_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_membership_current",
            ["person_id", "community_id"],
            unique=True,
            sqlite_where=sa.text("ended IS NULL"),
            postgresql_where=sa.text("ended IS NULL"),
        )

    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "partner_organisation",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_partner_organisation_partnership_id")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "organisation_id", name=op.f("pk_partner_organisation")),
    )
    with op.batch_alter_table("partner_organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_organisation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "partner_person",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_partner_person_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_partner_person_person_id")),
        sa.PrimaryKeyConstraint("partnership_id", "person_id", name=op.f("pk_partner_person")),
    )
    with op.batch_alter_table("partner_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("expires", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("key", name=op.f("uq_session_key")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_member_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_team_member_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "person_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_role", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("edited", UtcDateTime(), nullable=True),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_thing_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_thing_community_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_thing_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["thing.id"], name=op.f("fk_thing_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing")),
        sa.UniqueConstraint("client_id", name=op.f("uq_thing_client_id")),
    )
    with op.batch_alter_table("thing", schema=None) as batch_op:
        batch_op.create_index("ix_thing_changes", ["parent_id", "changed"], unique=False)
        batch_op.create_index("ix_thing_place", ["parent_id", "seq"], unique=False)
        batch_op.create_index("ix_thing_shelf", ["community_id", "kind", "state"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("expires", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("key", name=op.f("uq_token_key")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder_id", sa.Integer(), nullable=True),
        sa.Column("attached", sa.Boolean(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("trashed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["editor_id"], ["person.id"], name=op.f("fk_file_editor_id")),
        sa.ForeignKeyConstraint(["folder_id"], ["folder.id"], name=op.f("fk_file_folder_id")),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_folder_id"), ["folder_id"], unique=False)

    op.create_table(
        "follow",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_follow_thing_id")),
        sa.PrimaryKeyConstraint("person_id", "thing_id", name=op.f("pk_follow")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_thing_id"), ["thing_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mark_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_mark_thing_id")),
        sa.PrimaryKeyConstraint("person_id", "thing_id", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_thing_id"), ["thing_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("became_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["became_id"], ["thing.id"], name=op.f("fk_message_became_id")),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_message_id")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["message.id"], name=op.f("fk_message_reply_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_became_id"), ["became_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_reply_to_id"), ["reply_to_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_notice_actor_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_notice_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["thing.id"], name=op.f("fk_notice_place_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_notice_thing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_list", ["person_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_thing_id"), ["thing_id"], unique=False)
        batch_op.create_index("ix_notice_unread", ["person_id", "read"], unique=False)
        batch_op.create_index(
            "uq_notice_open",
            ["person_id", "place_id", "reason"],
            unique=True,
            sqlite_where=sa.text("read IS NULL"),
            postgresql_where=sa.text("read IS NULL"),
        )

    op.create_table(
        "notice_mailed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_mailed_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_notice_mailed_thing_id")),
        sa.PrimaryKeyConstraint("person_id", "thing_id", name=op.f("pk_notice_mailed")),
    )
    with op.batch_alter_table("notice_mailed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_mailed_thing_id"), ["thing_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_post_id")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["post.id"], name=op.f("fk_post_reply_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_table(
        "presence",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=24), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["thing.id"], name=op.f("fk_presence_room_id")),
        sa.PrimaryKeyConstraint("room_id", "person_id", "process", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reaction",
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reaction_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_reaction_thing_id")),
        sa.PrimaryKeyConstraint("thing_id", "person_id", "kind", name=op.f("pk_reaction")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_search_entry_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_search_entry_thing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("person_id", name=op.f("uq_search_entry_person_id")),
        sa.UniqueConstraint("thing_id", name=op.f("uq_search_entry_thing_id")),
    )
    op.create_table(
        "thing_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["thing.id"], name=op.f("fk_thing_link_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["thing.id"], name=op.f("fk_thing_link_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing_link")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("uq_thing_link_from_id_to_id_kind")),
    )
    with op.batch_alter_table("thing_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thing_link_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thing_link_to_id"), ["to_id"], unique=False)

    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_kind", sa.String(), nullable=False),
        sa.Column("pinned", UtcDateTime(), nullable=True),
        sa.Column("closed", UtcDateTime(), nullable=True),
        sa.Column("featured", UtcDateTime(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("last_author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_thread_id")),
        sa.ForeignKeyConstraint(["last_author_id"], ["person.id"], name=op.f("fk_thread_last_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_last_at"), ["last_at"], unique=False)

    op.create_table(
        "revision",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_revision_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id")),
        sa.PrimaryKeyConstraint("post_id", "version", name=op.f("pk_revision")),
    )
    op.create_table(
        "version",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_version_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_version_person_id")),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_version")),
        sa.UniqueConstraint("client_id", name=op.f("uq_version_client_id")),
    )
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_sha256"), ["sha256"], unique=False)

    create_full_text()
    # The head of the journal is there before two processes can both write its first entry.
    op.execute("INSERT INTO journal_head (id, chain, entries) VALUES (1, '" + "0" * 64 + "', 0)")


def downgrade() -> None:
    drop_full_text()
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_sha256"))

    op.drop_table("version")
    op.drop_table("revision")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_last_at"))

    op.drop_table("thread")
    with op.batch_alter_table("thing_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thing_link_to_id"))
        batch_op.drop_index(batch_op.f("ix_thing_link_from_id"))

    op.drop_table("thing_link")
    op.drop_table("search_entry")
    op.drop_table("room")
    op.drop_table("reaction")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presence_person_id"))

    op.drop_table("presence")
    op.drop_table("post")
    with op.batch_alter_table("notice_mailed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_mailed_thing_id"))

    op.drop_table("notice_mailed")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notice_open", sqlite_where=sa.text("read IS NULL"), postgresql_where=sa.text("read IS NULL")
        )
        batch_op.drop_index("ix_notice_unread")
        batch_op.drop_index(batch_op.f("ix_notice_thing_id"))
        batch_op.drop_index(batch_op.f("ix_notice_place_id"))
        batch_op.drop_index("ix_notice_list")

    op.drop_table("notice")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_reply_to_id"))
        batch_op.drop_index(batch_op.f("ix_message_became_id"))

    op.drop_table("message")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_thing_id"))

    op.drop_table("mark")
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_thing_id"))

    op.drop_table("follow")
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_folder_id"))

    op.drop_table("file")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_person_id"))

    op.drop_table("token")
    with op.batch_alter_table("thing", schema=None) as batch_op:
        batch_op.drop_index("ix_thing_shelf")
        batch_op.drop_index("ix_thing_place")
        batch_op.drop_index("ix_thing_changes")

    op.drop_table("thing")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_person_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_person_id"))

    op.drop_table("session")
    with op.batch_alter_table("partner_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_person_person_id"))

    op.drop_table("partner_person")
    with op.batch_alter_table("partner_organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_organisation_organisation_id"))

    op.drop_table("partner_organisation")
    op.drop_table("notice_choice")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_current", sqlite_where=sa.text("ended IS NULL"), postgresql_where=sa.text("ended IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_community_id"))

    op.drop_table("membership")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_person_id"))

    op.drop_table("link")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_person_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_community_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("folder", schema=None) as batch_op:
        batch_op.drop_index("ix_folder_place")
        batch_op.drop_index(batch_op.f("ix_folder_parent_id"))

    op.drop_table("folder")
    op.drop_table("draft")
    op.drop_table("digest")
    with op.batch_alter_table("affiliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_affiliation_organisation_id"))

    op.drop_table("affiliation")
    with op.batch_alter_table("acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_person_id"))

    op.drop_table("acceptance")
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phase_programme_id"))

    op.drop_table("phase")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_organisation_id"))

    op.drop_table("person")
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_programme_id"))

    op.drop_table("partnership")
    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_community_programme_id"))

    op.drop_table("community")
    op.drop_table("recurring")
    op.drop_table("programme")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state"))
        batch_op.drop_index(batch_op.f("ix_outbox_person_id"))

    op.drop_table("outbox")
    op.drop_table("organisation")
    op.drop_table("live_cut")
    op.drop_table("limit_mark")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_verb"))

    op.drop_table("journal")
    op.drop_table("stamp")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_due"))

    op.drop_table("job")


def create_full_text() -> None:
    """Create the full-text part of the search index, which the metadata does not describe."""
    if op.get_bind().dialect.name == "sqlite":
        columns = [f"{part}{name}" for part in ("", "title_") for name in ("exact", "stems", "parts")]
        op.execute(
            f"CREATE VIRTUAL TABLE search_fts USING fts5 ({', '.join(columns)},"
            " prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
        )
        op.execute(
            "CREATE TRIGGER search_fts_gone AFTER DELETE ON search_entry"
            " BEGIN DELETE FROM search_fts WHERE rowid = old.id; END"
        )
    else:
        for name in ("search_fts", "search_fts_title"):
            op.execute(f"ALTER TABLE search_entry ADD COLUMN {name} tsvector")
            op.execute(f"CREATE INDEX {name}_gin ON search_entry USING gin ({name})")


def drop_full_text() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS search_fts_gone")
        op.execute("DROP TABLE IF EXISTS search_fts")
    else:
        for name in ("search_fts", "search_fts_title"):
            op.execute(f"ALTER TABLE search_entry DROP COLUMN IF EXISTS {name}")
