package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.StructuredText;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.pattern.PatternRule;
import java.util.Map;
import java.util.Objects;

/**
 * Reads and writes a rule of a pattern by itself, with the words that it has in a job file. A text
 * is read in steps as job files are, but has no parameters. Thread-safe.
 */
public final class RuleText {
  private final SchemaCheck check = new SchemaCheck(JobFileSchema.ofRule());

  /** Texts of rules; they have no settings. */
  public RuleText() {}

  /**
   * Reads a rule.
   *
   * @param name of the text, for messages and to tell JSON from YAML
   * @param id of the rule, which the text may say, too
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  public PatternRule parse(String name, String text, String id) {
    TextNode tree = StructuredText.parse(name, text);
    JobFileReader.throwIfAny(check.check(tree));
    Mapping words = Values.mapping(tree);
    Values values = new Values();
    TextNode said = words.get(PatternWords.ID);
    if (said != null && !Values.text(said).equals(id)) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-JOBFILE-0032",
              said.place(),
              "the rule is '" + id + "', and its text says '" + Values.text(said) + "'",
              "leave its id out, or give the same one"));
    }
    PatternRule rule = values.check(tree, () -> PatternWords.rule(words, id, values));
    JobFileReader.throwIfAny(values.problems());
    return Objects.requireNonNull(rule);
  }

  /** The id that a text says; empty if it says none. */
  public static String idOf(String name, String text) {
    TextNode tree = StructuredText.parse(name, text);
    TextNode said = tree instanceof Mapping words ? words.get(PatternWords.ID) : null;
    return said instanceof TextNode.Scalar scalar ? scalar.text() : "";
  }

  /**
   * The words of a rule and their values: texts, numbers, true and false, lists and maps. Code in
   * the place of a condition is given as it prints itself, and cannot be read back.
   */
  public static Map<String, Object> words(PatternRule rule) {
    return PatternWords.wordsWithId(rule);
  }

  /** Such words as YAML, which {@link #parse} reads back. */
  public static String yaml(Map<String, ?> words) {
    return JobFileWriter.dump(words);
  }
}
