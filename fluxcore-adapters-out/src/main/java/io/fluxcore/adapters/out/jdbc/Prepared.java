package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.domain.job.JobId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of a writer since its last barrier, and where they wait: a few in the handle itself,
 * many in the staging table. The handle is JSON and says all that a commit needs.
 *
 * @param owner who wrote them
 * @param checkpointId for which they were prepared
 * @param transaction names their chunks in the staging table
 * @param chunks how many are there
 * @param rows in all
 * @param data the rows, if no chunk was staged
 * @param hasKinds whether rows say whether they are written or deleted
 */
record Prepared(
    SinkOwner owner,
    int subtask,
    long checkpointId,
    Target target,
    String transaction,
    int chunks,
    long rows,
    byte @Nullable [] data,
    boolean hasKinds) {
  private static final int VERSION = 2;

  /** Of which rows are all insertions, and do not say so. */
  private static final int WITHOUT_KINDS = 1;

  private static final JsonMapper JSON = new JsonMapper();

  CommitHandle handle() {
    Map<String, @Nullable Object> text = new LinkedHashMap<>();
    text.put("version", hasKinds ? VERSION : WITHOUT_KINDS);
    text.put("job", owner.job().value());
    text.put("sink", owner.operatorId());
    text.put("token", owner.token().value());
    text.put("subtask", subtask);
    text.put("checkpoint", checkpointId);
    text.put("schema", target.schema());
    text.put("table", target.table());
    text.put("fields", target.rows().fieldNames());
    text.put("types", target.types());
    text.put("columns", target.columns());
    text.put("keys", target.keys());
    text.put("transaction", transaction);
    text.put("chunks", chunks);
    text.put("rows", rows);
    if (data != null) {
      text.put("data", Base64.getEncoder().encodeToString(data));
    }
    return new CommitHandle(JSON.writeValueAsString(text));
  }

  /**
   * What a handle says.
   *
   * @throws IllegalArgumentException if it is none of this sink
   */
  static Prepared of(CommitHandle handle) {
    try {
      JsonNode text = JSON.readTree(handle.text());
      int version = text.path("version").asInt(0);
      if (version != VERSION && version != WITHOUT_KINDS) {
        throw new IllegalArgumentException(
            "a handle of version "
                + text.path("version")
                + ", known are "
                + WITHOUT_KINDS
                + " and "
                + VERSION);
      }
      JsonNode data = text.path("data");
      return new Prepared(
          new SinkOwner(
              new JobId(text.path("job").asString()),
              text.path("sink").asString(),
              new FencingToken(text.path("token").asLong())),
          text.path("subtask").asInt(),
          text.path("checkpoint").asLong(),
          new Target(
              text.path("schema").asString(),
              text.path("table").asString(),
              Target.rows(texts(text, "fields"), texts(text, "types")),
              texts(text, "columns"),
              texts(text, "keys")),
          text.path("transaction").asString(),
          text.path("chunks").asInt(),
          text.path("rows").asLong(),
          data.isString() ? Base64.getDecoder().decode(data.asString()) : null,
          version != WITHOUT_KINDS);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not the handle of a jdbc sink: " + handle.text(), e);
    }
  }

  private static List<String> texts(JsonNode text, String name) {
    List<String> texts = new ArrayList<>();
    text.path(name).forEach(element -> texts.add(element.asString()));
    return texts;
  }

  /** Names the row of the commit table that counts it. */
  String writer() {
    return owner.job() + "/" + owner.operatorId() + "/" + subtask;
  }
}
