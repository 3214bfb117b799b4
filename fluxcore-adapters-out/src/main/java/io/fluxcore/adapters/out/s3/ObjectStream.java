package io.fluxcore.adapters.out.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Bytes of an object, as they come. Where a connection breaks off, another one goes on from there.
 * Used by one thread.
 */
final class ObjectStream extends InputStream {
  /** How often in a row a connection may break off without having brought anything. */
  private static final int PATIENCE = 3;

  private final S3Bucket bucket;
  private final String key;
  private long position;
  private long left;
  private int broken;
  private @Nullable ResponseInputStream<GetObjectResponse> in;

  ObjectStream(S3Bucket bucket, String key, long offset, long length) {
    this.bucket = bucket;
    this.key = key;
    this.position = offset;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int off, int len) throws IOException {
    if (len == 0) {
      return 0;
    }
    while (left > 0) {
      if (Thread.interrupted()) {
        close();
        throw new InterruptedIOException("given up: " + bucket.uri(key));
      }
      ResponseInputStream<GetObjectResponse> from = in;
      if (from == null) {
        from = bucket.open(key, position, left);
        in = from;
      }
      int read = next(from, bytes, off, len);
      if (read > 0) {
        return read;
      }
    }
    return -1;
  }

  /** What came, or 0 if the connection has broken off. */
  private int next(ResponseInputStream<GetObjectResponse> from, byte[] bytes, int off, int len)
      throws IOException {
    int read;
    try {
      read = from.read(bytes, off, (int) Math.min(len, left));
      if (read < 0) {
        throw new EOFException(bucket.uri(key) + " is cut off");
      }
    } catch (IOException e) {
      close();
      if (++broken > PATIENCE) {
        throw e instanceof EOFException ? e : bucket.error(key, e);
      }
      return 0;
    }
    position += read;
    left -= read;
    broken = 0;
    if (left == 0) {
      in = null;
      from.close(); // for the next request
    }
    return read;
  }

  /** Ends the connection rather than to read what is left. */
  @Override
  public void close() {
    ResponseInputStream<GetObjectResponse> open = in;
    in = null;
    if (open != null) {
      open.abort();
    }
  }
}
