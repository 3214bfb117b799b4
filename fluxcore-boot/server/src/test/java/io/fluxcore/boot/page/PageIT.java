package io.fluxcore.boot.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a user sees of a server with {@code --demo}, and does with keyboard and pointer. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {
  private static final String HOSTILE = "<img src=x onerror=\"document.title='broken in'\">";

  private static final String ABOVE_ZERO = "^(?!0$)[0-9.]+( k)?$";

  private DemoServer server;
  private Chromium chromium;
  private BrowserContext window;
  private Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> strangers = new CopyOnWriteArrayList<>();

  /** Failed requests are what some tests are about. */
  private boolean failuresAreWanted;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    PlaywrightAssertions.setDefaultAssertionTimeout(Chromium.PATIENCE_MILLIS);
    chromium = new Chromium();
    server = DemoServer.start(folder);
  }

  @AfterAll
  void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openWindow() {
    failuresAreWanted = false;
    complaints.clear();
    strangers.clear();
    open(1280, 800);
  }

  private void open(int width, int height) {
    if (window != null) {
      window.close();
    }
    window = chromium.window(width, height);
    page = window.newPage();
    String own = URI.create(server.url()).getAuthority();
    page.onRequest(
        request -> {
          if (!own.equals(URI.create(request.url()).getAuthority())) {
            strangers.add(request.url());
          }
        });
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          boolean ofNetwork = message.text().startsWith("Failed to load resource");
          if (message.type().equals("error") && !(failuresAreWanted && ofNetwork)) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void nothingWentWrong() {
    window.close();
    window = null;
    assertThat(complaints).as("errors in the browser's console").isEmpty();
    assertThat(strangers).as("requests to other hosts").isEmpty();
  }

  private void visit(String place) {
    page.navigate(server.url() + "/#" + place);
  }

  private String idOf(String job) throws Exception {
    for (JsonNode item : server.json("/api/v1/jobs").get("items")) {
      if (item.get("name").asString().equals(job)) {
        return item.get("id").asString();
      }
    }
    throw new IllegalStateException("there is no job " + job);
  }

  private Locator row(String job) {
    return page.locator("tr[data-job='" + job + "']");
  }

  private static PlaywrightLocator expect(Locator locator) {
    return new PlaywrightLocator(locator);
  }

  /** Playwright's assertions, which wait, beside those of AssertJ, which do not. */
  private record PlaywrightLocator(Locator locator) {
    void says(String text) {
      PlaywrightAssertions.assertThat(locator).containsText(text);
    }

    void matches(String pattern) {
      PlaywrightAssertions.assertThat(locator).hasText(Pattern.compile(pattern));
    }

    void isShown() {
      PlaywrightAssertions.assertThat(locator).isVisible();
    }

    void isHidden() {
      PlaywrightAssertions.assertThat(locator).isHidden();
    }

    void hasFocus() {
      PlaywrightAssertions.assertThat(locator).isFocused();
    }

    void hasCount(int count) {
      PlaywrightAssertions.assertThat(locator).hasCount(count);
    }

    void has(String attribute, String value) {
      PlaywrightAssertions.assertThat(locator).hasAttribute(attribute, value);
    }
  }

  @Test
  void greeting_tellsWhereToLook() {
    assertThat(server.greeting())
        .contains(server.url(), "curl", "/api/v1/jobs", "demo-access-log", "demo-host");
  }

  @Test
  void document_letsNothingElseIn_andIsSmall() throws Exception {
    HttpResponse<String> document = server.get("/");
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(document.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'", "frame-ancestors 'none'");
    assertThat(document.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    HttpResponse<String> script = server.get("/page/main.js");
    assertThat(script.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/javascript");
    assertThat(script.headers().firstValue("Cache-Control")).contains("no-cache");
  }

  @Test
  void list_showsJobsThatRun_withLiveRates() {
    visit("/jobs");
    for (String job : List.of("demo-access-log", "demo-host")) {
      expect(row(job).locator(".state")).says("running");
      expect(row(job).locator("td").nth(2)).matches(ABOVE_ZERO);
    }
    PlaywrightAssertions.assertThat(page).hasTitle("Jobs · FluxCore");
  }

  @Test
  void filterStateAndOrder_areInTheUrl_andSurviveReload() {
    visit("/jobs");
    expect(row("demo-host")).isShown();
    page.keyboard().press("/");
    expect(page.locator("#filter")).hasFocus();
    page.keyboard().type("access");
    expect(row("demo-host")).hasCount(0);
    page.keyboard().press("Escape");
    page.locator("button.sort", new Page.LocatorOptions().setHasText("Name")).click();
    assertThat(page.url()).contains("q=access", "sort=name");
    page.reload();
    expect(row("demo-access-log")).isShown();
    expect(row("demo-host")).hasCount(0);
    page.locator("#filter").fill("no such job");
    expect(page.locator("#jobs .empty")).says("No job matches the filter");
    page.locator("#jobs .empty button").click();
    expect(row("demo-host")).isShown();
  }

  @Test
  void list_isWalkedWithKeys() {
    visit("/jobs?sort=name");
    expect(row("demo-host")).isShown();
    page.keyboard().press("j");
    expect(row("demo-access-log").locator("a")).hasFocus();
    page.keyboard().press("j");
    expect(row("demo-host").locator("a")).hasFocus();
    page.keyboard().press("k");
    page.keyboard().press("Enter");
    expect(page.locator("h1")).says("demo-access-log");
    page.keyboard().press("?");
    expect(page.locator("dialog")).says("Keyboard shortcuts");
    page.keyboard().press("Escape");
    expect(page.locator("dialog")).hasCount(0);
    page.keyboard().press("Escape");
    expect(row("demo-host")).isShown();
  }

  @Test
  void job_isDrawnWithLiveNumbers() throws Exception {
    String id = idOf("demo-access-log");
    JsonNode graph = server.json("/api/v1/jobs/" + id + "/graph");
    visit("/jobs/" + id);
    expect(page.locator("svg.graph .node")).hasCount(graph.get("nodes").size());
    expect(page.locator("svg.graph .edge")).hasCount(graph.get("edges").size());
    expect(page.locator(".node[data-node=log] .rates")).matches("^(?!0 )[0-9.]+( k)? rows/s$");
    expect(page.locator(".node[data-node=log] .small").first()).matches("busy \\d+ % · back-");
    expect(page.locator(".legend")).says("back-pressured");
    expect(page.locator(".node[data-node=traffic]"))
        .has("aria-label", page.locator(".node[data-node=traffic]").getAttribute("aria-label"));
    assertThat(page.locator(".node[data-node=traffic]").getAttribute("aria-label"))
        .contains("aggregate traffic", "parallelism 1", "busy");
    expect(page.locator("#results tbody tr").first()).isShown();
    expect(page.locator("#ledger tbody tr").first()).says("✓ even");
    expect(page.locator("#ledger")).says("by-path");
    assertThat(page.locator("#ledger td").allTextContents()).noneMatch(t -> t.contains("✕"));
    expect(page.locator("#history .history")).says("submitted");
    expect(page.locator("#why .good, #why .findings li").first()).isShown();
    expect(page.locator("#why")).says("access.log");
  }

  @Test
  void results_ofAnotherNode_canBeChosen_andAreInTheUrl() throws Exception {
    visit("/jobs/" + idOf("demo-access-log"));
    page.locator("#results select").selectOption("top-paths");
    expect(page.locator("#results thead")).says("topPaths");
    expect(page.locator("#results tbody tr").first()).says("/api/v1/jobs");
    assertThat(page.url()).contains("results=top-paths");
  }

  @Test
  void node_isOpenedAndClosedWithKeys_andFocusReturns() throws Exception {
    visit("/jobs/" + idOf("demo-access-log"));
    expect(page.locator(".node[data-node=log]")).isShown();
    page.keyboard().press("j");
    expect(page.locator(".node[data-node=log]")).hasFocus();
    page.keyboard().press("Enter");
    expect(page.locator(".drawer h3")).says("log");
    expect(page.locator(".drawer")).says("Watermark lag");
    assertThat(page.url()).contains("node=log");
    page.keyboard().press("Escape");
    expect(page.locator(".drawer")).isHidden();
    expect(page.locator(".node[data-node=log]")).hasFocus();
  }

  @Test
  void topology_isToldAsATableToo() throws Exception {
    visit("/jobs/" + idOf("demo-access-log"));
    page.locator("#topology .toggle button").last().click();
    Locator traffic =
        page.locator("#topology tbody tr", new Page.LocatorOptions().setHasText("aggregate"));
    expect(traffic.first()).says("last-minute");
    expect(page.locator("svg.graph")).isHidden();
    page.reload();
    expect(traffic.first()).isShown();
    page.locator("#topology button[data-node=traffic]").click();
    expect(page.locator(".drawer h3")).says("traffic");
  }

  @Test
  void theme_isChosenKeptAndThereBeforeThePage() {
    visit("/jobs");
    expect(row("demo-host")).isShown();
    String light = background();
    page.locator("#theme").selectOption("dark");
    assertThat(background()).isNotEqualTo(light);
    page.reload();
    expect(page.locator("html")).has("data-theme", "dark");
    expect(page.locator("#theme")).isShown();
    String dark = background();
    page.locator("#theme").selectOption("system");
    assertThat(background()).isEqualTo(light);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(background()).isEqualTo(dark);
  }

  private String background() {
    return (String) page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  }

  @Test
  void namesAndValues_areNeverMarkup() {
    String id = "job_1";
    String name = HOSTILE.replace("\"", "\\\"");
    String state = "\"state\":\"RUNNING\",\"submittedAt\":\"2026-01-01T00:00:00Z\"";
    answer(
        "**/api/v1/jobs?*",
        "{\"items\":[{\"id\":\""
            + id
            + "\",\"name\":\""
            + name
            + "\",\"version\":\"1\","
            + state
            + "}],\"nextCursor\":null,\"total\":1}");
    answer(
        "**/api/v1/jobs/*",
        "{\"id\":\""
            + id
            + "\",\"name\":\""
            + name
            + "\",\"version\":\""
            + name
            + "\","
            + state
            + ",\"parallelism\":1,\"stateBackend\":\""
            + name
            + "\",\"restarts\":0,"
            + "\"failure\":{\"operatorId\":\""
            + name
            + "\",\"code\":\""
            + name
            + "\",\"message\":\""
            + name
            + "\"},"
            + "\"history\":[{\"at\":\"2026-01-01T00:00:00Z\",\"type\":\""
            + name
            + "\",\"description\":\""
            + name
            + "\"}],\"plan\":\""
            + name
            + "\"}");
    answer(
        "**/graph",
        "{\"nodes\":[{\"id\":\""
            + name
            + "\",\"kind\":\"SINK\",\"description\":\""
            + name
            + "\",\"stage\":0,\"parallelism\":1}],\"edges\":[]}");
    answer(
        "**/metrics",
        "{\"operators\":[],\"endToEndLatencyMs\":{\"count\":0},\"restarts\":0,"
            + "\"checkpoints\":0,\"failedCheckpoints\":0,\"rowsInPerSecond\":0,\"uptimeMs\":0}");
    answer(
        "**/diagnosis",
        "{\"findings\":[{\"code\":\""
            + name
            + "\",\"severity\":\"ERROR\",\"operatorId\":\""
            + name
            + "\",\"message\":\""
            + name
            + "\",\"remedy\":\""
            + name
            + "\"}],\"sources\":[],\"windows\":[]}");
    answer(
        "**/results?*",
        "{\"schema\":{\"node\":\"x\",\"fields\":[{\"name\":\""
            + name
            + "\",\"type\":\"STRING\"}]},\"items\":[{\"sequence\":0,\"timestamp\":null,\"kind\":\"INSERT\",\"row\":{\""
            + name
            + "\":\""
            + name
            + "\"}}]}");
    visit("/jobs");
    expect(page.locator("#jobs tbody a")).says(HOSTILE);
    page.locator("#jobs tbody a").click();
    expect(page.locator("h1")).says(HOSTILE);
    expect(page.locator("#results td.value")).says(HOSTILE);
    expect(page.locator("#why .findings")).says(HOSTILE);
    expect(page.locator("#history .history")).says(HOSTILE);
    page.locator(".node").click();
    expect(page.locator(".drawer h3")).says(HOSTILE);
    page.locator(".headline .danger").click();
    expect(page.locator("dialog h2")).says(HOSTILE);
    expect(page.locator("main img")).hasCount(0);
    assertThat(page.title()).isNotEqualTo("broken in");
  }

  private void answer(String path, String json) {
    page.route(
        path,
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(json)));
  }

  @Test
  void panel_showsThatItLoads_thatItFails_andRecovers() {
    failuresAreWanted = true;
    page.route("**/api/v1/jobs?*", route -> {});
    visit("/jobs");
    expect(page.locator("#jobs .skeleton")).isShown();
    expect(page.locator("#jobs")).has("aria-busy", "true");
    page.unroute("**/api/v1/jobs?*");
    page.route(
        "**/api/v1/jobs?*",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(503)
                    .setContentType("application/problem+json")
                    .setBody(
                        "{\"title\":\"Something has run out\",\"detail\":\"no slots\","
                            + "\"code\":\"FLX-TEST-0001\",\"hint\":\"wait\"}")));
    page.reload();
    expect(page.locator("#jobs .failure")).says("Something has run out");
    expect(page.locator("#jobs .failure")).says("FLX-TEST-0001");
    page.unroute("**/api/v1/jobs?*");
    page.locator("#jobs .failure button").first().click();
    expect(row("demo-host")).isShown();
    expect(page.locator("#jobs .failure")).isHidden();
  }

  @Test
  void listWithoutJobs_saysWhatToDo() {
    answer("**/api/v1/jobs?*", "{\"items\":[],\"nextCursor\":null,\"total\":0}");
    visit("/jobs");
    expect(page.locator("#jobs .empty")).says("No job yet");
    expect(page.locator("#jobs .empty code").first()).says(server.url() + "/api/v1/jobs");
  }

  @Test
  void jobThatIsNotThere_saysSo() {
    failuresAreWanted = true;
    visit("/jobs/nowhere");
    expect(page.locator("#overview > .failure")).says("nowhere");
  }

  @Test
  void stop_asksByName_andTellsTheState() throws Exception {
    String id =
        server.submit(
            """
            job: {name: to-be-stopped}
            topology:
              - name: in
                source: {connector: generator, rate: 10}
              - name: out
                sink: {connector: memory}
            """);
    visit("/jobs/" + id);
    expect(page.locator(".headline .state")).says("running");
    page.locator(".headline button", new Page.LocatorOptions().setHasText("Stop job")).click();
    expect(page.locator("dialog h2")).says("Stop job to-be-stopped?");
    page.locator("dialog button").first().click();
    expect(page.locator("dialog")).hasCount(0);
    expect(page.locator(".headline .state")).says("running");
    page.locator(".headline button", new Page.LocatorOptions().setHasText("Stop job")).click();
    failuresAreWanted = true; // the page may ask for results just when the job ends
    page.locator("dialog .danger").click();
    expect(page.locator(".headline .state")).matches("finished|stopped");
    expect(page.locator("#announce")).says("to-be-stopped");
    expect(page.locator(".headline button[aria-disabled=true]")).hasCount(2);
  }

  @Test
  void narrowWindows_andDoubleZoom_needNoSidewaysScrolling() throws Exception {
    String job = "/jobs/" + idOf("demo-access-log") + "?node=traffic";
    for (int width : List.of(360, 640)) {
      open(width, 700);
      for (String place : List.of("/jobs", job)) {
        visit(place);
        expect(page.locator("#jobs tbody tr, #ledger tbody tr").first()).isShown();
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
            .as(place + " at " + width)
            .isEqualTo(width);
      }
    }
  }

  @Test
  void hiddenPage_asksNothing_untilItIsShown() {
    page.addInitScript(
        "window.away = false; Object.defineProperty(document, 'hidden', {get: () => window.away})");
    page.clock().install();
    visit("/jobs");
    expect(row("demo-host")).isShown();
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))");
    List<String> asked = new CopyOnWriteArrayList<>();
    page.onRequest(request -> asked.add(request.url()));
    page.clock().runFor(30_000);
    assertThat(asked).isEmpty();
    page.waitForRequest(
        "**/api/v1/jobs?*",
        () ->
            page.evaluate(
                "window.away = false; document.dispatchEvent(new Event('visibilitychange'))"));
  }

  @Test
  void requests_areCountedAsTheyWere() throws Exception {
    int requests = 37;
    for (int i = 0; i < requests; i++) {
      assertThat(server.get("/probe?i=" + i).statusCode()).isEqualTo(404);
    }
    String results = "/api/v1/jobs/demo-access-log/results?node=top-paths&limit=100";
    long deadline = System.nanoTime() + 60_000_000_000L;
    int most = 0;
    // A later minute has no more of them than were sent, and one has all.
    while (most < requests && System.nanoTime() < deadline) {
      for (JsonNode item : server.json(results).get("items")) {
        for (JsonNode entry : item.get("row").get("topPaths")) {
          if (entry.get("path").asString("").equals("/probe")) {
            most = Math.max(most, entry.get("requests").asInt());
          }
        }
      }
      page.waitForTimeout(500);
    }
    assertThat(most).isEqualTo(requests);
  }

  /** Of the documentation: {@code bin/screenshots} puts them where it shows them. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void pictures_areSmall() throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "pictures"));
    for (String theme : List.of("light", "dark")) {
      open(1280, 330);
      page.addInitScript("localStorage.setItem('fluxcore.theme', '" + theme + "')");
      visit("/jobs?sort=name&state=RUNNING");
      expect(row("demo-host").locator("td").nth(2)).matches(ABOVE_ZERO);
      expect(row("demo-access-log").locator("td").nth(2)).matches(ABOVE_ZERO);
      picture(pictures.resolve("page-jobs-" + theme + ".png"));
      page.setViewportSize(1280, 760);
      row("demo-access-log").locator("a").click();
      expect(page.locator("#results tbody tr").nth(2)).isShown();
      expect(page.locator(".node[data-node=log] .rates")).matches("^(?!0 )[0-9.]+ rows/s$");
      picture(pictures.resolve("page-job-" + theme + ".png"));
    }
  }

  private void picture(Path file) throws IOException {
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    assertThat(Files.size(file)).as(file.toString()).isBetween(5_000L, 150_000L);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void serverThatIsKilled_leavesTheLastNumbers_markedAsStale() throws Exception {
    failuresAreWanted = true;
    visit("/jobs");
    expect(row("demo-host")).isShown();
    expect(page.locator("#offline")).isHidden();
    server.kill();
    expect(page.locator("#offline")).says("cannot be reached");
    expect(page.locator("#jobs .stale")).says("stale since");
    expect(row("demo-host")).isShown();
  }
}
