package io.fluxcore.application.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Option values that were checked against a {@link ConnectorDescriptor}: required ones are there,
 * defaults are filled in, and every value parsed as its type. Getters of an option that the
 * descriptor does not have throw {@link IllegalArgumentException}: a defect of the connector.
 */
public interface ConnectorOptions {
  boolean has(String name);

  /** The text of an option that is required or has a default. */
  String string(String name);

  @Nullable String optionalString(String name);

  boolean bool(String name);

  long integer(String name);

  double number(String name);

  Duration duration(String name);

  @Nullable Duration optionalDuration(String name);

  /** Bytes. */
  long size(String name);

  Path path(String name);

  List<String> list(String name);

  Map<String, Object> map(String name);
}
