package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.domain.event.EventBatch;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way to the server.
 *
 * @param batch the batch that holds the row
 * @param row physical row
 * @param action what is done with the document
 * @param index where it is
 * @param id of the document; null: the server chooses one
 * @param document its JSON; empty where it is deleted
 * @param version that only a higher or equal one replaces; null: the last to come does
 * @param routing by what its shard is found; null: by its id
 */
record Operation(
    EventBatch batch,
    int row,
    Action action,
    String index,
    @Nullable String id,
    byte[] document,
    @Nullable Long version,
    @Nullable String routing) {
  /** About what stands around a document in a request. */
  private static final int ENVELOPE_BYTES = 100;

  /** What is done with a document. */
  enum Action {
    /** It is written in place of the one of its id. */
    INDEX,
    /** It is written unless there is one of its id. */
    CREATE,
    /** Its fields are put into the one of its id, or it is written. */
    UPSERT,
    /** The one of its id is deleted. */
    DELETE
  }

  /** By what operations on the same document are known; null: nobody knows its id yet. */
  @Nullable String key() {
    return id == null ? null : index + '/' + id;
  }

  int bytes() {
    return document.length + ENVELOPE_BYTES;
  }
}
