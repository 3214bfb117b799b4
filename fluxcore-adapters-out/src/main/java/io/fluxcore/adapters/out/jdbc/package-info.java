/**
 * The {@code jdbc} sink: rows in a table of H2 or PostgreSQL, exactly once. One public door; {@link
 * io.fluxcore.adapters.out.jdbc.JdbcSink} says how rows wait for their checkpoint. May import the
 * application, the domain and HikariCP; the drivers are found by their addresses.
 */
@NullMarked
package io.fluxcore.adapters.out.jdbc;

import org.jspecify.annotations.NullMarked;
