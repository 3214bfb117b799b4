package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.topology.FullLookupConfig;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** How a join writes the table outside that it holds in memory, beside its source's options. */
final class FullLookupWords {
  static final String MOST_ROWS = "mostRows";
  static final String RELOAD = "reload";
  static final Set<String> ALL = Set.of("connector", LookupWords.SCHEMA, MOST_ROWS, RELOAD);

  private FullLookupWords() {}

  static ObjectNode schema() {
    ObjectNode lookup =
        object(
            named(LookupWords.SCHEMA, LookupWords.fields()),
            named(
                MOST_ROWS,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Rows that the table may have; " + FullLookupConfig.DEFAULT_MOST_ROWS + ".")),
            named(RELOAD, duration("How long after it was read it is read again; never.")));
    lookup.put("description", "The table outside, which a source reads from its beginning.");
    return lookup;
  }

  static Map<String, Object> write(FullLookupConfig config) {
    Map<String, Object> settings = JobFileWriter.connector(config.connector(), ALL);
    Schema schema = config.schema();
    if (schema != null) {
      settings.put(LookupWords.SCHEMA, JobFileWriter.fields(schema));
    }
    JobFileWriter.putUnless(
        settings, MOST_ROWS, config.mostRows(), FullLookupConfig.DEFAULT_MOST_ROWS);
    if (config.reload() != null) {
      JobFileWriter.putIfThere(settings, RELOAD, config.reload());
    }
    return settings;
  }
}
