package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.TransformConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write a row for each element of a list. */
final class UnnestWords {
  private static final String FIELD = "field";
  private static final String AS = "as";
  private static final String POSITION = "position";
  private static final String KEEP_EMPTY = "keepEmpty";

  private UnnestWords() {}

  static ObjectNode schema() {
    ObjectNode words =
        object(
            named(FIELD, text("Field that holds lists or maps.")),
            named(AS, text("Field of the element, or of the entry as `{key, value}`; the same.")),
            named(POSITION, text("Field of the element's number, from 1; none.")),
            named(KEEP_EMPTY, flag("A row without elements leaves once, with nulls; false.")));
    words.set("required", array(FIELD));
    words.put("description", "A row for each element of a list, or entry of a map.");
    return words;
  }

  static TransformConfig read(TextNode node, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    String field = Values.text(settings, FIELD, "");
    return new TransformConfig.Unnest(
        field,
        Values.text(settings, AS, field),
        Values.optionalText(settings, POSITION),
        Values.flag(settings, KEEP_EMPTY),
        errors);
  }

  static Map<String, Object> write(TransformConfig.Unnest unnest) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(FIELD, unnest.field());
    JobFileWriter.putUnless(words, AS, unnest.as(), unnest.field());
    if (unnest.position() != null) {
      words.put(POSITION, unnest.position());
    }
    JobFileWriter.putUnless(words, KEEP_EMPTY, unnest.keepsEmpty(), false);
    return words;
  }
}
