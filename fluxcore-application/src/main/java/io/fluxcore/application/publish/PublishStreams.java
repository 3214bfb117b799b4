package io.fluxcore.application.publish;

import java.util.List;

/** Streams that take events. */
public interface PublishStreams {
  List<String> names();

  PublishResult publish(String stream, List<byte[]> events);
}
