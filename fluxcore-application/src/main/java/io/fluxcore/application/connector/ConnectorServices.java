package io.fluxcore.application.connector;

import io.fluxcore.domain.expression.RegexCompiler;

/**
 * What a connector gets from its host, since it is made by {@link java.util.ServiceLoader} and may
 * not reach into other adapters.
 *
 * @param regex for patterns that users supply
 */
public record ConnectorServices(RegexCompiler regex) {}
