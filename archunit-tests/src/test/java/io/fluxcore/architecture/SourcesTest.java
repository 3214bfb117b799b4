package io.fluxcore.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {

  private static final String GOOD_INFO =
      "/** Windows over time. */\n@NullMarked\npackage planted;\n\n"
          + "import org.jspecify.annotations.NullMarked;\n";

  @TempDir Path planted;

  static List<String> modules() {
    return Repository.modules();
  }

  static Stream<String> modulesWithMainSources() {
    return modules().stream()
        .filter(module -> !module.equals("archunit-tests"))
        .filter(module -> !Repository.isCollectionOfJars(module));
  }

  @ParameterizedTest
  @MethodSource("modulesWithMainSources")
  void mainPackages_sayWhatTheyAre(String module) {
    Path sourceRoot = Repository.root().resolve(module).resolve("src/main/java");

    assertThat(Repository.javaFiles(sourceRoot)).isNotEmpty();
    assertThat(SourceRules.packagesWithoutInfo(sourceRoot))
        .as("packages without a package-info.java that has a paragraph and @NullMarked")
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void tests_areRunAndSayWhyIfNot(String module) {
    Path testRoot = Repository.root().resolve(module).resolve("src/test/java");

    assertThat(SourceRules.testsThatNeverRun(testRoot))
        .as("test classes that end in neither Test nor IT")
        .isEmpty();
    assertThat(SourceRules.testsDisabledWithoutReason(testRoot)).isEmpty();
  }

  @Test
  void packageWithInfo_isAllowed() throws IOException {
    plant("package-info.java", GOOD_INFO);
    plant("A.java", "class A {}");

    assertThat(SourceRules.packagesWithoutInfo(planted)).isEmpty();
  }

  @Test
  void packageWithoutInfo_isCaught() throws IOException {
    plant("A.java", "class A {}");

    assertThat(SourceRules.packagesWithoutInfo(planted)).containsExactly(planted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "package planted;",
        "/** Windows over time. */\npackage planted;",
        "@NullMarked\npackage planted;",
        "/** */\n@NullMarked\npackage planted;"
      })
  void packageInfoWithoutParagraphOrNullMarked_isCaught(String info) throws IOException {
    plant("package-info.java", info);

    assertThat(SourceRules.packagesWithoutInfo(planted)).containsExactly(planted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WindowTests", "TestWindow", "WindowChecks"})
  void testThatNoPluginRuns_isCaught(String name) throws IOException {
    Path file = plant(name + ".java", "class " + name + " {\n  @Test\n  void a() {}\n}");

    assertThat(SourceRules.testsThatNeverRun(planted)).containsExactly(file);
  }

  @Test
  void runTestsAndKits_areAllowed() throws IOException {
    plant("WindowTest.java", "class WindowTest {\n  @Test\n  void a() {}\n}");
    plant("KafkaIT.java", "class KafkaIT {\n  @Test\n  void a() {}\n}");
    plant("WindowKit.java", "public abstract class WindowKit {\n  @Test\n  void a() {}\n}");
    plant("Fixture.java", "class Fixture {}");

    assertThat(SourceRules.testsThatNeverRun(planted)).isEmpty();
  }

  @Test
  void testDisabledWithoutReason_isCaught() throws IOException {
    plant(
        "AllowedTest.java",
        "class AllowedTest {\n  @Disabled(\"no broker\")\n  @Test void a() {}\n}");
    Path file = plant("WindowTest.java", "class WindowTest {\n  @Disabled\n  @Test void a() {}\n}");

    assertThat(SourceRules.testsDisabledWithoutReason(planted)).containsExactly(file);
  }

  private Path plant(String name, String source) throws IOException {
    return Files.writeString(planted.resolve(name), source);
  }
}
