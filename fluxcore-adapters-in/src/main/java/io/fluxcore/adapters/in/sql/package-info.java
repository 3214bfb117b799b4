/**
 * Databases that are read by SQL: how they are reached, what they say differently, and their values
 * as those of fields. Shared by the connectors that read tables; imports the connector SPI and the
 * domain. Drivers are found by addresses.
 */
@NullMarked
package io.fluxcore.adapters.in.sql;

import org.jspecify.annotations.NullMarked;
