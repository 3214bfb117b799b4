package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.parts.OpenPart;
import io.fluxcore.adapters.out.parts.PartName;
import io.fluxcore.adapters.out.parts.PartStore;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;

/** Parts as objects, of one writer. Used by one thread. */
final class S3Parts implements PartStore {
  private final S3Sink sink;
  private final S3Bucket bucket;
  private final SinkOwner owner;
  private boolean closed;

  S3Parts(S3Sink sink, S3Bucket bucket, SinkOwner owner) {
    this.sink = sink;
    this.bucket = bucket;
    this.owner = owner;
  }

  @Override
  public OpenPart begin(PartName name) {
    return new S3Upload(bucket, sink.bucketName(), sink.keys().of(name, owner));
  }

  @Override
  public void commit(CommitHandle handle) throws IOException {
    S3Sink.complete(bucket, PendingUpload.of(handle));
  }

  /** The name of an object without rows would say nothing to anybody. */
  @Override
  public boolean keepsEmptyPart() {
    return false;
  }

  @Override
  public FluxCoreException error(IOException failure, String kept) {
    return S3SinkErrors.of(failure, sink.uri(), kept);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sink.release();
    }
  }
}
