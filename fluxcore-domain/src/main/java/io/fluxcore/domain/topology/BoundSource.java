package io.fluxcore.domain.topology;

/**
 * A source that an application makes itself and hands to {@link SourceConfig#custom}, instead of
 * naming a connector. The connector SPI's {@code Source} is one.
 */
public interface BoundSource {}
