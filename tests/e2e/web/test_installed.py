"""The pages as an app of the phone: they open without a network, and an update replaces them."""

from playwright.sync_api import expect

from tests.e2e.web.conftest import Visit


def test_the_shell_opens_without_a_network(visit: Visit) -> None:
    page = visit("/", "student", "phone")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    manifest = page.request.get("/manifest.webmanifest").json()
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("heading", name="Hello, Mei")).to_be_visible()


def test_what_the_api_says_is_never_kept(visit: Visit) -> None:
    page = visit("/", "student")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate("""async () => {
        const names = await caches.keys();
        const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return lists.flat().map((request) => new URL(request.url).pathname);
    }""")
    assert "/" in kept
    assert [path for path in kept if path.startswith(("/api", "/health"))] == []


def test_a_page_of_an_older_version_is_replaced_at_its_next_step(visit: Visit) -> None:
    page = visit("/login")
    page.route("**/_app/version.json", lambda route: route.fulfill(json={"version": "a newer one"}))
    with page.expect_response("**/_app/version.json"):
        page.reload()
    page.evaluate("window.old = true")
    page.get_by_role("link", name="Create account").click()
    expect(page.get_by_role("heading", name="Create your account")).to_be_visible()
    assert page.evaluate("window.old") is None
