package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.parts.PartSettings;
import io.fluxcore.adapters.out.parts.PartsWriter;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A bucket and a path, from which keys follow, and how rows are written. */
final class S3Sink implements TwoPhaseSink {
  private static final System.Logger LOG = System.getLogger(S3Sink.class.getName());

  private static final String AT_COMMIT =
      "what is not committed yet waits in the store, and is committed when the job goes on";

  private final S3Access access;
  private final S3Keys keys;
  private final PartSettings parts;

  /** While somebody uses it. */
  private @Nullable S3Bucket bucket;

  private int users;

  S3Sink(S3Access access, S3Keys keys, PartSettings parts) {
    this.access = access;
    this.keys = keys;
    this.parts = parts;
  }

  String bucketName() {
    return access.settings().bucket();
  }

  S3Keys keys() {
    return keys;
  }

  String uri() {
    return "s3://" + bucketName() + "/" + keys.directory();
  }

  private synchronized S3Bucket acquire() {
    S3Bucket used = bucket;
    if (used == null) {
      used = S3Bucket.of(access.to(bucketName()), S3Errors.OF_SINK);
      bucket = used;
    }
    users++;
    return used;
  }

  /** Ends a use of the bucket, and with the last one its connections. */
  void release() {
    S3Bucket unused = null;
    synchronized (this) {
      if (--users == 0) {
        unused = bucket;
        bucket = null;
      }
    }
    if (unused != null) {
      unused.close();
    }
  }

  /** Lists the bucket. */
  @Override
  public void check() {
    S3Bucket used = acquire();
    try {
      used.probe(keys.directory());
    } catch (IOException e) {
      throw S3SinkErrors.of(e, uri(), "nothing has been written");
    } finally {
      release();
    }
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    return new PartsWriter(
        new S3Parts(this, acquire(), context.owner()),
        parts,
        context,
        System::currentTimeMillis,
        System::nanoTime);
  }

  /**
   * Commits, and gives up what else this owner and earlier ones have begun: a stale owner that
   * wakes up finds its uploads gone.
   */
  @Override
  public void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures) {
    S3Bucket used = acquire();
    try {
      completeAll(used, registered);
      if (unknown == Unknown.TAKE_BACK) {
        for (S3Bucket.Upload left : used.uploads(keys.directory())) {
          if (keys.isOf(owner, left.key())) {
            used.abortUpload(left.key(), left.id());
          }
        }
      }
    } catch (IOException e) {
      throw S3SinkErrors.of(e, uri(), AT_COMMIT);
    } finally {
      release();
    }
  }

  @Override
  public void commit(SinkOwner owner, List<CommitHandle> handles, RecordFailures failures) {
    S3Bucket used = acquire();
    try {
      completeAll(used, handles);
    } catch (IOException e) {
      throw S3SinkErrors.of(e, uri(), AT_COMMIT);
    } finally {
      release();
    }
  }

  private void completeAll(S3Bucket used, List<CommitHandle> handles) throws IOException {
    for (CommitHandle handle : handles) {
      PendingUpload pending = PendingUpload.of(handle);
      if (pending.bucket().equals(bucketName())) {
        complete(used, pending);
      } else {
        completeElsewhere(pending);
      }
    }
  }

  /** The sink had another bucket when the checkpoint was made. */
  private void completeElsewhere(PendingUpload pending) throws IOException {
    try (S3Bucket other = S3Bucket.of(access.to(pending.bucket()), S3Errors.OF_SINK)) {
      complete(other, pending);
    }
  }

  /**
   * Makes an object of an upload. An upload that is not there any more has been completed before,
   * or was given up: by a later owner, or by a rule of the bucket.
   */
  static void complete(S3Bucket bucket, PendingUpload pending) throws IOException {
    if (pending.upload().isEmpty()) {
      return;
    }
    List<CompletedPart> pieces = new ArrayList<>();
    for (String tag : pending.tags()) {
      pieces.add(CompletedPart.builder().partNumber(pieces.size() + 1).eTag(tag).build());
    }
    try {
      bucket.completeUpload(pending.key(), pending.upload(), pieces);
    } catch (IOException e) {
      if (!S3Bucket.isGone(e)) {
        throw e;
      }
      if (!bucket.exists(pending.key())) {
        LOG.log(
            Level.WARNING,
            "there is neither an upload nor an object {0}: it was committed and taken away, or its"
                + " upload was given up",
            bucket.uri(pending.key()));
      }
    }
  }
}
