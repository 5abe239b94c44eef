"""A coach alone, from an empty platform and one administrator's link, sets up two programmes by browser and mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.setting_up import (
    PHONE,
    add_community,
    add_organisations,
    add_partnership,
    enter,
    flash,
    look,
    mailed_link,
    start,
)
from tests.product import Product

pytestmark = pytest.mark.browser

OUTLOOK = (
    "Vries, Zoë de <zoe@wierwolde.example>; Bert Bos <bert@woonstede.example>; 'Carla Cools' <carla@zorgpunt.example>; "
    "d.dijk@wierwolde.example; Emma Evers <emma@heinoord.example>; Farid Ferhat <farid@sallandzorg.example>; "
    "Gerda Groen <gerda.sallandzorg.example>; Hans Huisman <hans@heinoord.example>"
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve an empty platform, as `cop run --empty` does."""
    with Product(tmp_path_factory.mktemp("empty"), mode="development", COP_RATE_LIMITS="off") as served:
        yield served


@pytest.fixture
def opened(browser: Browser, empty: Product) -> Iterator[Browsers]:
    """Return browsers on the empty platform; fail at the end if there were errors."""
    browsers = Browsers(browser, empty, {})
    yield browsers
    browsers.close()


def first_programme(coach: Page, product: Product) -> None:
    """Set up the first programme: communities, partnerships, a wrong organisation merged away, and eight people."""
    programme = "/programmes/weer-thuis-in-de-wijk"
    look(coach, "programme-steps")
    coach.goto("/")
    look(coach, "coach-home-empty")
    add_community(coach, programme, "Procesregie")
    look(coach, "programme-manage")
    add_community(coach, programme, "Zachte landing")
    add_organisations(
        coach,
        ("Gemeente Wierwolde", "Gemeente"),
        ("Gemeente Heinoord", "Gemeente"),
        ("Woonstede", "Woningcorporatie"),
        ("Stichting Woonstede", "Woningcorporatie"),
        ("Salland Zorg", "Zorgaanbieder"),
    )
    coach.goto("/organisations")
    look(coach, "organisations")
    coach.goto(f"{programme}/partnerships/new")
    look(coach, "partnership-new")
    add_partnership(coach, programme, "Wierwolde", "Gemeente Wierwolde", "Stichting Woonstede")
    look(coach, "partnership")
    coach.get_by_role("link", name="Stichting Woonstede").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Stichting Woonstede")
    coach.get_by_role("link", name="Verwijderen").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Stichting Woonstede verwijderen?")
    look(coach, "organisation-used")
    coach.get_by_role("link", name="Samenvoegen").click()
    coach.get_by_label("Samenvoegen met").select_option("Woonstede")
    coach.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(coach.locator(".effects")).to_contain_text("Wierwolde")
    look(coach, "organisation-merging")
    coach.get_by_role("button", name="Samenvoegen").click()
    flash(coach, "Stichting Woonstede is samengevoegd met Woonstede.")
    add_partnership(coach, programme, "Heinoord", "Gemeente Heinoord", "Salland Zorg")
    # Eight people, pasted from Outlook in one list; one line lacks its @.
    coach.goto("/communities/procesregie/members")
    coach.locator("#invite summary").click()
    coach.get_by_label("Mailadressen").fill(OUTLOOK)
    coach.get_by_label("Samenwerking").select_option("Wierwolde")
    look(coach, "invite")
    coach.get_by_role("button", name="Lijst controleren").click()
    expect(coach.get_by_text("1 regel klopt niet.")).to_be_visible()
    for place in ("Procesregie", "Zachte landing"):
        expect(coach.get_by_label(place, exact=True)).to_be_checked()
    look(coach, "invite-preview-wrong")
    wrong = coach.locator("tr.is-wrong")
    wrong.get_by_label(re.compile("Naam op regel")).fill("Gerda Groen")
    wrong.get_by_label(re.compile("Mailadres op regel")).fill("gerda@sallandzorg.example")
    coach.get_by_role("button", name="Opnieuw controleren").click()
    expect(coach.locator("tr.is-wrong")).to_have_count(0)
    look(coach, "invite-preview")
    coach.get_by_role("button", name="8 uitnodigingen versturen").click()
    flash(coach, "8 uitnodigingen zijn onderweg.")
    look(coach, "members-invited")
    mail = product.post.wait("zoe@wierwolde.example", "Uitnodiging voor")
    assert "samenwerking ‘Wierwolde’" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def second_programme(admin: Page, coach: Page) -> None:
    """The administrator promotes the coach, who makes the second programme and brings a colleague into its team."""
    admin.goto("/people")
    look(admin, "people")
    admin.get_by_role("link", name="Cora Coach").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Cora Coach")
    look(admin, "person-managed")
    admin.get_by_role("button", name="Maak beheerder").click()
    flash(admin, "Cora Coach is nu beheerder en krijgt daarover een mail.")
    coach.goto("/notices")
    look(coach, "coach-notices")
    coach.goto("/programmes/new")
    coach.get_by_label("Naam").fill("Leerkring Magic Mix")
    coach.get_by_label("Vrij").check()
    coach.get_by_role("button", name="Programma maken").click()
    flash(coach, "Het programma is gemaakt.")
    programme = "/programmes/leerkring-magic-mix"
    coach.goto(f"{programme}/team/new")
    look(coach, "team-new-choose")
    coach.get_by_label("Iemand die al meedoet").select_option(label="Cora Coach")
    coach.get_by_role("button", name="Toevoegen en mailen").click()
    flash(coach, "Cora Coach hoort nu bij het programmateam.")
    coach.goto(f"{programme}/team/new")
    coach.get_by_label("Mailadres").fill("mees@magicmix.example")
    coach.get_by_label("Naam").fill("Mees Mix")
    coach.get_by_role("button", name="Toevoegen en mailen").click()
    flash(coach, "Mees Mix hoort nu bij het programmateam en krijgt daarover een mail.")
    look(coach, "team")
    add_organisations(coach, ("Verhuurder Vastgoed Oost", "Verhuurder"))
    add_community(coach, programme, "Gemengd wonen")
    add_partnership(coach, programme, "Mix aan de Vecht", "Woonstede")
    add_partnership(coach, programme, "Mix in Oost", "Verhuurder Vastgoed Oost")
    coach.goto(programme)
    look(coach, "second-programme")


def on_the_phone(browsers: Browsers, product: Product) -> Page:
    """A person opens her only link on a phone and takes part in both communities of her programme."""
    link = mailed_link(product, "zoe@wierwolde.example")
    assert len([one for one in product.post.emails if "zoe@" in str(one["To"])]) == 1
    zoe = enter(browsers, link, "Zoë de Vries", PHONE, welcome="phone-welcome")
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Weer thuis in de wijk")
    look(zoe, "phone-programme")
    for name in ("Procesregie", "Zachte landing"):
        zoe.goto("/programmes/weer-thuis-in-de-wijk")
        zoe.locator("main").get_by_role("link", name=name).click()
        expect(zoe.get_by_role("heading", level=1)).to_have_text(name)
    look(zoe, "phone-community")
    zoe.goto("/")
    look(zoe, "phone-home")
    return zoe


def removed_and_back(coach: Page, zoe: Page) -> None:
    """The coach removes a member and undoes it."""
    coach.goto("/communities/procesregie/members")
    look(coach, "members")
    coach.get_by_role("link", name="Deelname van Zoë de Vries wijzigen").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Zoë de Vries")
    look(coach, "member")
    coach.get_by_role("button", name="Zoë de Vries verwijderen").click()
    flash(coach, "Zoë de Vries doet niet meer mee in Procesregie.")
    look(coach, "member-removed")
    assert zoe.goto("/communities/procesregie").status == 404  # type: ignore[union-attr]
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, "Zoë de Vries doet weer mee in Procesregie.")
    assert zoe.goto("/communities/procesregie").status == 200  # type: ignore[union-attr]


def archived_and_back(coach: Page, zoe: Page) -> None:
    """The coach puts a programme in the archive and takes it out."""
    coach.goto("/programmes/weer-thuis-in-de-wijk/phase")
    coach.locator("input[name=phase][value=archive]").check()
    coach.get_by_role("button", name="Fase beginnen").click()
    flash(coach, "staat nu in het archief.")
    look(coach, "archived")
    zoe.goto("/communities/procesregie")
    expect(zoe.locator(".community-head .notice")).to_contain_text("Dit programma staat in het archief.")
    look(zoe, "phone-archived")
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, "De nieuwe fase van Weer thuis in de wijk is begonnen.")
    zoe.goto("/communities/procesregie")
    expect(zoe.locator(".community-head .notice")).to_have_count(0)


def test_a_coach_sets_up_two_programmes(opened: Browsers, empty: Product) -> None:
    admin, coach = start(opened, empty)
    first_programme(coach, empty)
    second_programme(admin, coach)
    zoe = on_the_phone(opened, empty)
    removed_and_back(coach, zoe)
    archived_and_back(coach, zoe)
