/**
 * Transforms of rows one by one: filter, map, project, flatMap, rename, route, peek, and the shapes
 * of user code that they take.
 *
 * <p>May import {@code error}, {@code event}, {@code expression}, {@code operator}.
 */
@NullMarked
package io.fluxcore.domain.transform;

import org.jspecify.annotations.NullMarked;
