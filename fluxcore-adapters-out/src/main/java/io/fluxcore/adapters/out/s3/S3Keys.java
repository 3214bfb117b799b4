package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.parts.PartName;
import io.fluxcore.application.connector.SinkOwner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of one sink's objects. Of the path {@code events/orders.json.gz}: {@code
 * events/dt=2026-11-30/orders-<job>-3-2-17-0.json.gz} is the first part that writer 2 has begun
 * after checkpoint 17, when the job was owned for the third time. A key is given when an upload
 * begins, before the checkpoint is known that it will belong to.
 */
final class S3Keys {
  private final String directory;
  private final String stem;
  private final String extension;

  S3Keys(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    String packed = name.endsWith(".gz") ? ".gz" : name.endsWith(".zst") ? ".zst" : "";
    int unpacked = name.length() - packed.length();
    int dot = name.lastIndexOf('.', unpacked - 1);
    int end = dot > 0 ? dot : unpacked;
    this.directory = path.substring(0, slash + 1);
    this.stem = name.substring(0, end);
    this.extension = name.substring(end);
  }

  /** What all keys begin with: empty, or ending with a slash. */
  String directory() {
    return directory;
  }

  String of(PartName part, SinkOwner owner) {
    return directory
        + part.directory()
        + (part.directory().isEmpty() ? "" : "/")
        + stem
        + "-"
        + owner.job()
        + "-"
        + owner.token()
        + "-"
        + part.subtask()
        + "-"
        + part.afterCheckpoint()
        + "-"
        + part.number()
        + extension;
  }

  /** Whether this owner of the job, or one before, has begun the part. */
  boolean isOf(SinkOwner owner, String key) {
    Matcher name =
        Pattern.compile(
                Pattern.quote(stem + "-" + owner.job() + "-")
                    + "([0-9]{1,18})-[0-9]+-[0-9]+-[0-9]+"
                    + Pattern.quote(extension))
            .matcher(key.substring(key.lastIndexOf('/') + 1));
    return key.startsWith(directory)
        && name.matches()
        && Long.parseLong(name.group(1)) <= owner.token().value();
  }
}
