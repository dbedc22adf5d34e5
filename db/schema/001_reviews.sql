-- expand: reviews, what is derived from them, and how far each partition has come

create table schema_migrations (
  version integer primary key check (version > 0),
  applied_at timestamptz not null default now()
);

create table reviews (
  review_id uuid primary key,
  vendor_id text not null,
  author text not null,
  rating smallint not null check (rating between 1 and 5),
  title text,
  text text,
  created_at timestamptz not null,
  stored_at timestamptz not null default now(),
  topic_partition integer not null check (topic_partition >= 0),
  topic_offset bigint not null check (topic_offset >= 0)
);

-- A vendor's reviews, newest first, in keyset pages.
create index reviews_by_vendor on reviews (vendor_id, created_at desc, review_id desc);

-- The aggregate of reviews, kept in the transaction that stores them. Rows are
-- updated all the time: room in each page keeps these updates off the index.
create table vendor_ratings (
  vendor_id text primary key,
  rating_count bigint not null,
  rating_sum bigint not null,
  count_1 bigint not null check (count_1 >= 0),
  count_2 bigint not null check (count_2 >= 0),
  count_3 bigint not null check (count_3 >= 0),
  count_4 bigint not null check (count_4 >= 0),
  count_5 bigint not null check (count_5 >= 0),
  check (rating_count = count_1 + count_2 + count_3 + count_4 + count_5),
  check (rating_sum = count_1 + 2 * count_2 + 3 * count_3 + 4 * count_4 + 5 * count_5)
) with (fillfactor = 70);

create table consumer_offsets (
  group_id text not null,
  topic text not null,
  topic_partition integer not null check (topic_partition >= 0),
  next_offset bigint not null check (next_offset >= 0),
  updated_at timestamptz not null default now(),
  primary key (group_id, topic, topic_partition)
) with (fillfactor = 50);
