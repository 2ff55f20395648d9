mod canary;
mod index;
