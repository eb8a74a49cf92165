DROP TABLE access_method_credentials;
DROP TABLE access_methods;
DROP TABLE access_grant_spaces;
DROP TABLE access_grant_doors;
DROP TABLE access_grants;
