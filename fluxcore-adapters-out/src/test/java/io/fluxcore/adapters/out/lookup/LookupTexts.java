package io.fluxcore.adapters.out.lookup;

import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Rows as a table outside may hold them. */
public final class LookupTexts {
  private LookupTexts() {}

  /** One row as an object, several as a list. */
  public static String json(Schema fields, List<List<@Nullable Object>> rows) {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(fields.field(i).name(), PlainValues.plain(row.get(i)));
      }
      object.put("another", List.of(Map.of("field", 1)));
      objects.add(object);
    }
    return new JsonMapper().writeValueAsString(rows.size() == 1 ? objects.get(0) : objects);
  }

  /** A text for each value that there is. */
  public static Map<String, String> texts(Schema fields, List<@Nullable Object> row) {
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < row.size(); i++) {
      Object plain = PlainValues.plain(row.get(i));
      if (plain != null) {
        texts.put(
            fields.field(i).name(),
            plain instanceof BigDecimal decimal ? decimal.toPlainString() : plain.toString());
      }
    }
    return texts;
  }
}
