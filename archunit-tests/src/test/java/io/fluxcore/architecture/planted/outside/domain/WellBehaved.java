package io.fluxcore.architecture.planted.outside.domain;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Allowed: bytes in memory. */
final class WellBehaved {

  ByteBuffer bytes(String value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new DataOutputStream(bytes).write(value.getBytes(StandardCharsets.UTF_8));
    byte[] result = new byte[bytes.size()];
    System.arraycopy(bytes.toByteArray(), 0, result, 0, result.length);
    return ByteBuffer.wrap(result);
  }
}
