/**
 * Access to a schema registry of Confluent's API, which sources and sinks share: the options that
 * say where it is, and calls of it. What schemas mean is up to the formats. Imports the connector
 * SPI and the domain.
 */
@NullMarked
package io.fluxcore.application.schemaregistry;

import org.jspecify.annotations.NullMarked;
