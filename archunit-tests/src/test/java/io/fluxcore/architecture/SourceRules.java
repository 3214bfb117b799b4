package io.fluxcore.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What class files do not tell: how packages describe themselves and how tests are named. */
final class SourceRules {

  /** A Javadoc comment with words in it, then {@code @NullMarked}, then the package. */
  private static final Pattern PACKAGE_INFO =
      Pattern.compile("(?s)/\\*\\*.*\\p{L}{2}.*\\*/\\s*@NullMarked\\s+package .*");

  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "(?m)^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\\b");

  private static final Pattern DISABLED_WITHOUT_REASON = Pattern.compile("(?m)^\\s*@Disabled\\s*$");

  private SourceRules() {}

  /** The folders below a source root that hold classes but do not say what they are about. */
  static List<Path> packagesWithoutInfo(Path sourceRoot) {
    Map<Path, List<Path>> packages =
        Repository.javaFiles(sourceRoot).stream()
            .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.toList()));
    return packages.entrySet().stream()
        .filter(entry -> !hasInfo(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The files below a test root whose tests neither Surefire nor Failsafe would run. */
  static List<Path> testsThatNeverRun(Path testRoot) {
    return Repository.javaFiles(testRoot).stream().filter(SourceRules::neverRuns).toList();
  }

  /** The files below a test root that switch a test off without saying why. */
  static List<Path> testsDisabledWithoutReason(Path testRoot) {
    return Repository.javaFiles(testRoot).stream()
        .filter(file -> DISABLED_WITHOUT_REASON.matcher(Repository.read(file)).find())
        .toList();
  }

  private static boolean hasInfo(Path folder, List<Path> files) {
    Path info = folder.resolve("package-info.java");
    return files.contains(info) && PACKAGE_INFO.matcher(Repository.read(info)).matches();
  }

  private static boolean neverRuns(Path file) {
    String name = file.getFileName().toString().replace(".java", "");
    String source = Repository.read(file);
    boolean isKit =
        Pattern.compile("\\b(abstract class|interface) " + Pattern.quote(name) + "\\b")
            .matcher(source)
            .find();
    return TEST_METHOD.matcher(source).find()
        && !isKit
        && !name.endsWith("Test")
        && !name.endsWith("IT");
  }
}
