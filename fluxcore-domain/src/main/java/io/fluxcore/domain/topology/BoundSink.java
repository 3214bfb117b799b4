package io.fluxcore.domain.topology;

/**
 * A sink that an application makes itself and hands to {@link SinkConfig#custom}, instead of naming
 * a connector. The connector SPI's {@code Sink} is one.
 */
public interface BoundSink {}
