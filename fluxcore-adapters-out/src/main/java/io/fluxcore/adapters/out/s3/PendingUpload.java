package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.connector.Sink.CommitHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An upload whose pieces are all there, as its handle says it; completing it makes the object.
 *
 * @param bucket that it is in
 * @param key of the object
 * @param upload its id; empty: there is nothing to upload
 * @param tags what the store has answered to each piece
 */
record PendingUpload(String bucket, String key, String upload, List<String> tags) {
  PendingUpload {
    tags = List.copyOf(tags);
  }

  CommitHandle handle() {
    List<String> lines = new ArrayList<>(List.of(bucket, key, upload));
    lines.addAll(tags);
    return new CommitHandle(String.join("\n", lines));
  }

  static PendingUpload of(CommitHandle handle) {
    List<String> lines = Arrays.asList(handle.text().split("\n", -1));
    return new PendingUpload(
        lines.get(0), lines.get(1), lines.get(2), lines.subList(3, lines.size()));
  }
}
