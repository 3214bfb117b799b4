package io.fluxcore.adapters.out.s3;

import io.fluxcore.domain.state.Payload;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * What a request sends, read anew each time the request is tried. Remembers why it could not be
 * read, which the client would tell as a failure of the network.
 */
abstract class Body {
  private static final String TYPE = "application/octet-stream";

  private final long length;
  private volatile @Nullable IOException failure;

  private Body(long length) {
    this.length = length;
  }

  /** The first bytes of an array, which does not change until the request has ended. */
  static Body of(byte[] bytes, int length) {
    return new Body(length) {
      @Override
      InputStream open() {
        return new ByteArrayInputStream(bytes, 0, length);
      }
    };
  }

  /** A piece of a payload, which is read as it is sent. */
  static Body of(Payload payload, long offset, long length) {
    return new Body(length) {
      @Override
      InputStream open() throws IOException {
        InputStream in = payload.open();
        try {
          in.skipNBytes(offset);
          return in;
        } catch (IOException e) {
          in.close();
          throw e;
        }
      }
    };
  }

  abstract InputStream open() throws IOException;

  RequestBody toRequest() {
    ContentStreamProvider provider =
        () -> {
          try {
            return new Read(open());
          } catch (IOException e) {
            failure = e;
            throw new UncheckedIOException(e);
          }
        };
    return RequestBody.fromContentProvider(provider, length, TYPE);
  }

  /** Why it could not be read, rather than why the request failed. */
  IOException orElse(IOException request) {
    IOException own = failure;
    return own == null
        ? request
        : new IOException("what is to be stored cannot be read: " + own, own);
  }

  /** Gives no more than its length, and remembers why it could not. */
  private final class Read extends FilterInputStream {
    private long left = length;

    Read(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int off, int len) throws IOException {
      if (left == 0) {
        return len == 0 ? 0 : -1;
      }
      try {
        int read = in.read(bytes, off, (int) Math.min(len, left));
        if (read > 0) {
          left -= read;
        }
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
