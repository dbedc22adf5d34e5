-- Runs once, on an empty disk. Owner migrates, writer is the consumer, reader is the producer.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv writer_password WRITER_PASSWORD
\getenv reader_password READER_PASSWORD

create role reviews_owner login password :'owner_password';
create role reviews_writer login password :'writer_password';
create role reviews_reader login password :'reader_password';

create database reviews owner reviews_owner;
revoke all on database reviews from public;
grant connect on database reviews to reviews_writer, reviews_reader;

\connect reviews
revoke all on schema public from public;
grant usage, create on schema public to reviews_owner;
grant usage on schema public to reviews_writer, reviews_reader;
alter default privileges for role reviews_owner in schema public
  grant select, insert, update on tables to reviews_writer;
alter default privileges for role reviews_owner in schema public
  grant select on tables to reviews_reader;
