package io.fluxcore.adapters.in.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files of the page may hold. What they do is tested in a browser, with the server. */
class PageFilesTest {
  private static final int MAX_BYTES = 100_000;
  private static final Path FOLDER = Path.of("src/main/resources", ServerPage.FOLDER);

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @Test
  void allOfThem_areSmall() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isBetween(10_000L, (long) MAX_BYTES);
  }

  @Test
  void noneMakesMarkupOrCodeOfText() throws IOException {
    Pattern makers =
        Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|srcdoc|eval\\("
                + "|new Function|setTimeout\\(['\"]|javascript:| style=| on[a-z]+=\"");
    for (Path file : files()) {
      assertThat(makers.matcher(text(file)).results().map(m -> m.group()))
          .as(file.toString())
          .isEmpty();
    }
  }

  @Test
  void noneNamesAnotherHost() throws IOException {
    Pattern address = Pattern.compile("(https?:)?//[a-z0-9.-]+\\.[a-z]{2,}[^'\"\\s]*");
    for (Path file : files()) {
      String withoutNamespace = text(file).replace("http://www.w3.org/2000/svg", "");
      assertThat(address.matcher(withoutNamespace).results().map(m -> m.group()))
          .as(file.toString())
          .isEmpty();
    }
  }

  @Test
  void whatIsImportedOrLinked_isThere() throws IOException {
    Pattern imported = Pattern.compile("(?:from|import) '\\./([^']+)'");
    Pattern linked = Pattern.compile("(?:src|href)=\"(page/[^\"]+)\"");
    int found = 0;
    for (Path file : files()) {
      Path parent = file.getParent();
      for (Pattern pattern : List.of(imported, linked)) {
        Matcher matcher = pattern.matcher(text(file));
        while (matcher.find()) {
          found++;
          assertThat(parent.resolve(matcher.group(1))).as(file + ": " + matcher.group()).exists();
        }
      }
    }
    assertThat(found).isGreaterThan(10);
  }
}
