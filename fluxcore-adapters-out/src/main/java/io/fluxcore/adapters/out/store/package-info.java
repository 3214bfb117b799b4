/**
 * Jobs in a relational database: H2 in a file, or PostgreSQL, which several servers share. The door
 * is {@link io.fluxcore.adapters.out.store.JdbcStore}. Imports the application, the domain, and the
 * libraries for JSON, migrations (Flyway) and connections (HikariCP).
 */
@NullMarked
package io.fluxcore.adapters.out.store;

import org.jspecify.annotations.NullMarked;
