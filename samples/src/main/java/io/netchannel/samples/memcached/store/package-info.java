/**
 * What is cached: items in slab classes outside the heap, a hash table over them, LRU lists with their maintenance.
 *
 * <p>An item is an address. Nothing here knows of connections or protocols, and the time is passed in; whoever calls
 * holds the
 * store's lock, or is the only thread.
 */
package io.netchannel.samples.memcached.store;
