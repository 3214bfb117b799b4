/** Jobs and queries in SQL: the port to whatever reads it. May import the domain only. */
@NullMarked
package io.fluxcore.application.sql;

import org.jspecify.annotations.NullMarked;
