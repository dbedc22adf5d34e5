-- Puts the database aside and makes an empty one, for a restore; run as the superuser.
\set ON_ERROR_STOP on
alter database reviews with allow_connections false;
select count(pg_terminate_backend(pid)) as ended from pg_stat_activity where datname = 'reviews';
alter database reviews rename to reviews_before;
create database reviews owner reviews_owner;
revoke all on database reviews from public;
grant connect on database reviews to reviews_writer, reviews_reader;
