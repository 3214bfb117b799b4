package io.fluxcore.boot.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The machine's own Chromium, driven by Playwright, which downloads nothing. */
final class Chromium implements AutoCloseable {
  /** What is waited for comes within this, however busy the machine is. */
  static final double PATIENCE_MILLIS = 60_000;

  private static final Path PROGRAM =
      Path.of(Objects.requireNonNullElse(System.getenv("FLUXCORE_CHROMIUM"), "/usr/bin/chromium"));

  private final Locale locale = Locale.getDefault();
  private final Playwright playwright;
  private final Browser browser;

  Chromium() {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException(
          "there is no Chromium at "
              + PROGRAM
              + ", which the tests of the page need: bin/test installs it as root, or: apt-get"
              + " install --no-install-recommends chromium; FLUXCORE_CHROMIUM names another place");
    }
    // Playwright makes the names of its own messages with the default locale, and knows no
    // clockİnstall.
    Locale.setDefault(Locale.ROOT);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setTimeout(PATIENCE_MILLIS)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  /** A window without cookies, cache or settings, in a zone that is not the server's. */
  BrowserContext window(int width, int height) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setLocale("en-US")
                .setTimezoneId("Europe/Berlin"));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return context;
  }

  @Override
  public void close() {
    try {
      playwright.close();
    } finally {
      Locale.setDefault(locale);
    }
  }
}
