package io.fluxcore.adapters.in.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Leaves bytes where the consumer has received them. */
final class AsIs implements Deserializer<ByteBuffer> {
  @Override
  public ByteBuffer deserialize(String topic, byte[] data) {
    return ByteBuffer.wrap(data);
  }

  @Override
  public ByteBuffer deserialize(String topic, Headers headers, ByteBuffer data) {
    return data;
  }
}
