/**
 * The {@code influxdb} sink: rows as points, in line protocol. One public door. May import the
 * application, the domain, the encoders and what sinks share that speak HTTP.
 */
@NullMarked
package io.fluxcore.adapters.out.influxdb;

import org.jspecify.annotations.NullMarked;
