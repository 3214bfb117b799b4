package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.kit.CheckpointStoreContract;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same store on the server of others, who read the protocol their own way. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3MockStoreIT extends CheckpointStoreContract {
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static S3Server server;

  private final String prefix = "test/" + PREFIXES.incrementAndGet();
  private @Nullable S3CheckpointStore store;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = S3Server.start(S3Server.Program.S3MOCK);
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  @Override
  protected CheckpointStore store() {
    if (store == null) {
      store =
          S3CheckpointStore.open(
              new S3Settings(
                  S3Server.BUCKET,
                  prefix,
                  server.endpoint(),
                  null,
                  null,
                  new S3Settings.Credentials(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, null),
                  S3Settings.REQUEST_TIMEOUT),
              InstantSource.system());
    }
    return store;
  }

  @Test
  void largePart_isReadAsItWasWritten() throws IOException {
    byte[] large = new byte[2 * S3Part.PIECE + 3];
    new Random(5).nextBytes(large);
    CheckpointLocation at = new CheckpointLocation(new JobId("job_1"), "chk-1-1");
    try (CheckpointWriter writer = store().begin(at)) {
      try (OutputStream out = writer.part("0.part")) {
        out.write(large);
      }
      writer.complete(new byte[] {1});
    }
    assertThat(store().open(at).part("0.part").bytes()).isEqualTo(large);
    store().delete(at);
    assertThat(store().list(at.job())).isEmpty();
  }
}
