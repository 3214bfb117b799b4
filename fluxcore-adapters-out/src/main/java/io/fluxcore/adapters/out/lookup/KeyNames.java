package io.fluxcore.adapters.out.lookup;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The names that keys have outside, such as {@code user:{id}}. Immutable and thread-safe. */
public final class KeyNames {
  private final RowTemplate template;
  private final Schema key;
  private final UnaryOperator<String> escape;

  private KeyNames(RowTemplate template, Schema key, UnaryOperator<String> escape) {
    this.template = template;
    this.key = key;
    this.escape = escape;
  }

  /**
   * The names of an option.
   *
   * @param key fields that the name must have, all of them
   * @param escape of values
   */
  public static KeyNames of(
      String option,
      String text,
      Schema key,
      UnaryOperator<String> escape,
      OptionProblems problems) {
    RowTemplate template = RowTemplate.of(option, text, key, problems);
    List<String> missing = new ArrayList<>();
    for (String field : key.fieldNames()) {
      if (!text.contains("{" + field + "}")) {
        missing.add("{" + field + "}");
      }
    }
    if (!missing.isEmpty()) {
      problems.add(
          option,
          "'" + text + "' is the same for keys that differ: it lacks " + String.join(", ", missing),
          "name the fields that the join is on, as the table has them");
    }
    if (template.hasTime()) {
      problems.add(option, "'" + text + "' names a time, and a key has none", "leave it out");
    }
    return new KeyNames(template, key, escape);
  }

  /** The names of keys, in their order. */
  public List<String> of(List<List<Object>> keys) {
    EventBatchBuilder builder = new EventBatchBuilder(key, keys.size());
    keys.forEach(values -> builder.row(0, values.toArray()));
    EventBatch batch = builder.build();
    RowTemplate.Reader reader = template.reader(escape, null);
    List<String> names = new ArrayList<>(keys.size());
    for (int row = 0; row < keys.size(); row++) {
      names.add(reader.of(batch, row));
    }
    return names;
  }

  @Override
  public String toString() {
    return template.toString();
  }
}
