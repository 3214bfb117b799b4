package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.Random;
import java.util.zip.CRC32C;

/** Writes a part that is far larger than its heap, and reads it back: in a process of its own. */
final class LargePart {
  private static final int BLOCKS = 1_280; // 80 MiB of 64 KiB each

  private LargePart() {}

  /** Takes the address of the store and a prefix. */
  public static void main(String[] arguments) throws IOException {
    S3Settings settings =
        new S3Settings(
            S3Server.BUCKET,
            arguments[1],
            URI.create(arguments[0]),
            null,
            null,
            new S3Settings.Credentials(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, null),
            S3Settings.REQUEST_TIMEOUT);
    CheckpointLocation at = new CheckpointLocation(new JobId("job_1"), "chk-1-1");
    CRC32C sent = new CRC32C();
    CRC32C found = new CRC32C();
    try (S3CheckpointStore store = S3CheckpointStore.open(settings, InstantSource.system())) {
      try (CheckpointWriter writer = store.begin(at)) {
        Random random = new Random(3);
        byte[] block = new byte[64 << 10];
        try (OutputStream out = writer.part("0.part")) {
          for (int i = 0; i < BLOCKS; i++) {
            random.nextBytes(block);
            sent.update(block);
            out.write(block);
          }
        }
        writer.complete(new byte[] {1});
      }
      try (InputStream in = store.open(at).part("0.part").open()) {
        byte[] buffer = new byte[64 << 10];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          found.update(buffer, 0, read);
        }
      }
    }
    if (sent.getValue() != found.getValue()) {
      throw new IllegalStateException("other bytes came back");
    }
    System.out.println(Runtime.getRuntime().maxMemory() + " bytes of heap, read back");
  }
}
