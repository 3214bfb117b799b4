/**
 * The connector SPI: what a source or sink says of itself, how it is configured, and what a host
 * asks of it. A connector that FluxCore has never heard of is found by {@link
 * java.util.ServiceLoader} and is a first-class citizen.
 */
@NullMarked
package io.fluxcore.application.connector;

import org.jspecify.annotations.NullMarked;
