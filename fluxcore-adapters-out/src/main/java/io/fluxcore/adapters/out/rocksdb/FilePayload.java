package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.state.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of a database at a checkpoint. */
record FilePayload(Path file, long size) implements Payload {
  static FilePayload of(Path file) throws IOException {
    return new FilePayload(file.toAbsolutePath(), Files.size(file));
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public Optional<String> localFile() {
    return Optional.of(file.toString());
  }
}
