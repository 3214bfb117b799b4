package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic with fields in it.
 *
 * @param texts what stands before, between and behind the fields: one more than these
 * @param fields their ordinals
 */
record TopicPattern(List<String> texts, List<Integer> fields) {
  private static final Pattern FIELD = Pattern.compile("\\{([^{}]*)}");
  private static final int MOST_BYTES = 65_535;

  static TopicPattern of(String pattern, Schema schema, OptionProblems problems) {
    List<String> texts = new ArrayList<>();
    List<Integer> fields = new ArrayList<>();
    Matcher matcher = FIELD.matcher(pattern);
    int at = 0;
    while (matcher.find()) {
      texts.add(pattern.substring(at, matcher.start()));
      at = matcher.end();
      int field = schema.indexOf(matcher.group(1));
      if (field < 0) {
        problems.add(
            "topic",
            "there is no field '" + matcher.group(1) + "'",
            "fields are " + String.join(", ", schema.fieldNames()));
      }
      fields.add(field);
    }
    texts.add(pattern.substring(at));
    String problem = problem(String.join("x", texts));
    if (problem != null) {
      problems.add("topic", "'" + pattern + "' is no topic: " + problem, "see sensors/heat");
    }
    return new TopicPattern(texts, fields);
  }

  /** What is wrong with a topic that is written to, or null. */
  static @Nullable String problem(String topic) {
    if (topic.isEmpty()) {
      return "it is empty";
    }
    if (topic.contains("+") || topic.contains("#") || topic.indexOf('\0') >= 0) {
      return "'+', '#' and the character 0 cannot be written to";
    }
    return topic.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
        ? "it has more than " + MOST_BYTES + " bytes"
        : null;
  }

  /** The topic of a row; null if a field of it is. */
  @Nullable String topic(EventBatch batch, int row, TextValues values) {
    StringBuilder topic = new StringBuilder(texts.get(0));
    for (int i = 0; i < fields.size(); i++) {
      Column column = batch.column(fields.get(i));
      if (column.isNull(row)) {
        return null;
      }
      topic.append(values.text(column, row)).append(texts.get(i + 1));
    }
    return topic.toString();
  }
}
